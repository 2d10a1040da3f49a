// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.List;
import java.util.Optional;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.shard.EncodedSample;

/**
 * Consecutive samples of a split: n = the batch size, fewer in the last batch.
 *
 * @param index of the batch in the split, from 0
 * @param sampleIds n positions in the split
 * @param views v pictures of each sample, whose answers are averaged; usually 1
 * @param pixels n x v x channels x height x width, row-major, normalised
 * @param targets the true targets of the samples: nothing is mixed
 * @param masks n x height x width labels, row-major; none where the dataset has no label maps, and
 *     where there is more than one view
 * @param pictures n, decoded, each of its own size; then there are neither pixels nor masks. Empty
 *     where the pixels are those of the network's input
 * @param samples n, as they are stored in the shards
 */
public record EvaluationBatch(
    int index,
    long[] sampleIds,
    int views,
    float[] pixels,
    Targets targets,
    Optional<byte[]> masks,
    List<RasterImage> pictures,
    List<EncodedSample> samples) {}
