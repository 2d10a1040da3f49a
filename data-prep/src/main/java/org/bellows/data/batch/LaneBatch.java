package org.bellows.data.batch;

/**
 * The n samples of one lane in one step.
 *
 * @param step within the epoch, from 0
 * @param sampleIds n positions in the split
 * @param pixels n x channels x height x width, row-major, normalised
 * @param labels n indices into the manifest's classes
 */
public record LaneBatch(int lane, long step, long[] sampleIds, float[] pixels, int[] labels) {}
