package org.bellows.data.batch;

/**
 * The n samples of one lane in one step.
 *
 * @param step within the epoch, from 0
 * @param sampleIds n positions in the split
 * @param pixels n x channels x height x width, row-major, normalised; mixed if the settings say so
 * @param labels n indices into the manifest's classes: each sample's own, whatever was mixed in
 * @param targets n x classes, row-major: what is learned, each row a distribution over the classes.
 *     Without mixing the label has 1 and all others 0
 * @param masks n x height x width labels, row-major; empty where the dataset has no label maps
 * @param stored n x the length of a {@link SampleStore} that has all n samples; then there are no
 *     pixels and no masks. Else empty
 */
public record LaneBatch(
    int lane,
    long step,
    long[] sampleIds,
    float[] pixels,
    int[] labels,
    float[] targets,
    byte[] masks,
    float[] stored) {}
