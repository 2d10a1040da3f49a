// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.bellows.data.ahead.OrderedPrefetcher;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;

/**
 * A split in its own order, in fixed batches: batch b holds samples b * size to min(N, (b + 1) *
 * size) - 1. Each worker takes some of the batches. Reads and decodes on daemon threads of its own.
 * Used by one thread.
 */
public final class EvaluationBatches implements AutoCloseable {
  private final DatasetReader dataset;
  private final InputSpec input;
  private final EvaluationTransform transform;
  private final BatchSelection selection;
  private final boolean isOfPictures;
  private final BlockReader blocks;
  private final OrderedPrefetcher<EvaluationBatch> ahead;

  /** Touched by the read-ahead's source thread only. */
  private int next;

  private int lastBlock = -1;
  private List<EncodedSample> lastSamples = List.of();

  /**
   * Which batches are made, in this order.
   *
   * @param batchSamples samples of a batch
   * @param indices of batches, each from 0 to {@link #batches} - 1
   */
  public record BatchSelection(int batchSamples, int[] indices) {
    public BatchSelection {
      indices = indices.clone();
    }

    /** ceil(N / batchSamples). */
    public static int batches(long samples, int batchSamples) {
      return Math.toIntExact((samples + batchSamples - 1) / batchSamples);
    }

    /** Batches worker, worker + workers, ... of a split. */
    public static BatchSelection ofWorker(long samples, int batchSamples, int worker, int workers) {
      int[] indices =
          IntStream.range(0, batches(samples, batchSamples))
              .filter(index -> index % workers == worker)
              .toArray();
      return new BatchSelection(batchSamples, indices);
    }
  }

  /**
   * @throws IllegalArgumentException for an index that the split has no batch for
   */
  public EvaluationBatches(
      DatasetReader dataset, InputSpec input, BatchSelection selection, ReadAhead readAhead) {
    this(dataset, input, selection, readAhead, false);
  }

  private EvaluationBatches(
      DatasetReader dataset,
      InputSpec input,
      BatchSelection selection,
      ReadAhead readAhead,
      boolean isOfPictures) {
    int batches = BatchSelection.batches(dataset.samples(), selection.batchSamples());
    for (int index : selection.indices()) {
      if (index < 0 || index >= batches) {
        throw new IllegalArgumentException("batch " + index + " of " + batches);
      }
    }
    this.dataset = dataset;
    this.input = input;
    this.transform = EvaluationTransform.checked(input);
    this.selection = selection;
    this.isOfPictures = isOfPictures;
    this.blocks = dataset.openBlocks();
    this.ahead =
        new OrderedPrefetcher<>(
            "bellows-evaluate",
            readAhead.decodeThreads(),
            readAhead.prefetchBatches(),
            this::nextTask);
  }

  /**
   * Batches of decoded pictures, each of its own size.
   *
   * @throws IllegalArgumentException for an index that the split has no batch for
   */
  public static EvaluationBatches ofPictures(
      DatasetReader dataset, InputSpec input, BatchSelection selection, ReadAhead readAhead) {
    return new EvaluationBatches(dataset, input, selection, readAhead, true);
  }

  /**
   * @return null at the end
   * @throws RuntimeException the exception of a reading or decoding thread, unchanged
   */
  public EvaluationBatch next() {
    return ahead.next();
  }

  /** Time that {@link #next()} was blocked, in all. */
  public double waitSeconds() {
    return ahead.waitSeconds();
  }

  /** Stops the threads and waits for them. */
  @Override
  public void close() {
    ahead.close();
    blocks.close();
  }

  private Callable<EvaluationBatch> nextTask() {
    if (next == selection.indices().length) {
      return null;
    }
    int index = selection.indices()[next++];
    long first = (long) index * selection.batchSamples();
    long end = Math.min(dataset.samples(), first + selection.batchSamples());
    List<EncodedSample> samples = new ArrayList<>();
    for (long id = first; id < end; id = first + samples.size()) {
      int block = dataset.blockOf(id);
      if (block != lastBlock) {
        lastSamples = dataset.read(blocks, block);
        lastBlock = block;
      }
      int row = (int) (id - dataset.firstSampleId(block));
      int endRow = (int) Math.min(lastSamples.size(), end - dataset.firstSampleId(block));
      samples.addAll(lastSamples.subList(row, endRow));
    }
    return () -> batch(index, samples);
  }

  private Targets targets(List<EncodedSample> samples) {
    return dataset.isMultiLabel()
        ? MultiLabelTargets.of(samples, dataset.classes())
        : ClassTargets.of(
            samples.stream().mapToInt(EncodedSample::label).toArray(), dataset.classes());
  }

  private EvaluationBatch batch(int index, List<EncodedSample> samples) {
    int count = samples.size();
    long[] ids = new long[count];
    for (int i = 0; i < count; i++) {
      ids[i] = samples.get(i).id();
    }
    int length = isOfPictures ? 0 : transform.views() * input.sampleLength();
    float[] pixels = new float[count * length];
    MaskArray masks = new MaskArray(count, input.height() * input.width());
    List<RasterImage> pictures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (isOfPictures) {
        pictures.add(EvaluationTransform.decoded(samples.get(i)));
      } else {
        masks.put(i, samples.get(i), transform.apply(samples.get(i), pixels, i * length));
      }
    }
    return new EvaluationBatch(
        index,
        ids,
        transform.views(),
        pixels,
        targets(samples),
        masks.array(),
        List.copyOf(pictures),
        List.copyOf(samples));
  }
}
