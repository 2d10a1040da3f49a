package org.bellows.data.batch;

import java.util.List;
import org.bellows.data.shard.EncodedSample;

/**
 * Consecutive samples of a split: n = the batch size, fewer in the last batch.
 *
 * @param index of the batch in the split, from 0
 * @param sampleIds n positions in the split
 * @param pixels n x channels x height x width, row-major, normalised
 * @param labels n indices into the manifest's classes
 * @param samples n, as they lie in the shards
 */
public record EvaluationBatch(
    int index, long[] sampleIds, float[] pixels, int[] labels, List<EncodedSample> samples) {}
