// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark;

import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.ReadAhead;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.data.batch.TrainingSpan;
import org.bellows.data.order.SampleOrder;
import org.bellows.data.shard.DatasetReader;

/**
 * The whole input pipeline, from shards to batches, as fast as it goes: the consumer does nothing
 * but ask for the next batch. All lanes are read, as by a single worker.
 */
public final class PipelineBenchmark {
  private final DatasetReader dataset;
  private final Settings settings;
  private final InputSpec input;

  /**
   * Medians of the rounds, an epoch each.
   *
   * @param megabytesPerSecond of encoded bytes
   * @param firstBatchSeconds until the first batch was there
   * @param waitShare of the time that the consumer was blocked
   */
  public record Row(
      long images,
      double imagesPerSecond,
      double megabytesPerSecond,
      double firstBatchSeconds,
      double waitShare) {}

  public PipelineBenchmark(DatasetReader dataset, Settings settings, InputSpec input) {
    this.dataset = dataset;
    this.settings = settings;
    this.input = input;
  }

  public Row run(int rounds) {
    TrainSettings train = settings.train();
    SampleOrder order =
        new SampleOrder(
            dataset.blockSamples(),
            train.lanes(),
            train.laneBatch(),
            settings.data().shuffleWindowSamples(),
            train.seed(),
            settings.augment().repeats());
    double[] rates = new double[rounds];
    double[] first = new double[rounds];
    double[] waits = new double[rounds];
    long images = order.samplesPerLane() * order.lanes();
    for (int round = 0; round < rounds; round++) {
      TrainingSpan span = new TrainingSpan(round, 0, order.stepsPerEpoch(), 0, order.lanes());
      long start = System.nanoTime();
      try (TrainingBatches batches =
          new TrainingBatches(dataset, order, input, span, ReadAhead.of(settings.data()))) {
        LaneBatch batch = batches.next();
        first[round] = seconds(start);
        while (batch != null) {
          batch = batches.next();
        }
        double seconds = seconds(start);
        rates[round] = images / seconds;
        waits[round] = batches.waitSeconds() / seconds;
      }
    }
    double rate = Median.of(rates);
    double bytesPerImage = (double) dataset.split().bytes() / dataset.samples();
    return new Row(images, rate, rate * bytesPerImage / 1e6, Median.of(first), Median.of(waits));
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
