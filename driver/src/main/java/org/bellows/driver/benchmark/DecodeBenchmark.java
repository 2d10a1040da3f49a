// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bellows.conf.BellowsException;
import org.bellows.data.augment.Augmentations;
import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.render.DecodeReduction;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.batch.TrainingTransform;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The training path (decode, augment, normalise into the float batch) against OpenCV's {@code
 * imdecode} alone of the same files in full size. Both are given the file in memory, {@code
 * imdecode} even in native memory. They take turns picture by picture, so that whatever else the
 * machine does hits both alike.
 */
public final class DecodeBenchmark {
  private final InputSpec input;
  private final int rounds;
  private final int threads;

  /**
   * One line of the table.
   *
   * @param pictures "all", or those of which the placement needs all pixels ("full size") or fewer
   *     ("reduced size")
   * @param bareImagesPerSecond of one thread, by the wall clock; median of the rounds
   * @param imagesPerSecond of one thread, by the wall clock; median of the rounds
   * @param megabytesPerSecond of encoded bytes, one thread
   * @param ratio imagesPerSecond / bareImagesPerSecond, median of the rounds' ratios
   * @param cpuRatio the same by processor time, which other work on the machine does not change
   */
  public record Row(
      String pictures,
      int images,
      double bareImagesPerSecond,
      double imagesPerSecond,
      double megabytesPerSecond,
      double ratio,
      double cpuRatio) {}

  /** Nanoseconds over all pictures of one round. */
  private record Times(long bareWall, long wall, long bareCpu, long cpu) {
    Times plus(Times other) {
      return new Times(
          bareWall + other.bareWall, wall + other.wall, bareCpu + other.bareCpu, cpu + other.cpu);
    }
  }

  /**
   * @param rounds that count; one more comes first, to warm up
   * @param threads that each go through all pictures at the same time
   */
  public DecodeBenchmark(InputSpec input, int rounds, int threads) {
    this.input = input;
    this.rounds = rounds;
    this.threads = threads;
    opencv_core.setNumThreads(1);
  }

  public List<Row> run(List<EncodedSample> samples) {
    List<EncodedSample> full = new ArrayList<>();
    List<EncodedSample> reduced = new ArrayList<>();
    Augmentation rule = Augmentations.training(input.augment(), input.height(), input.width());
    for (EncodedSample sample : samples) {
      SampleRandom random = SampleRandom.ofAugmentation(input.seed(), 0, sample.id());
      boolean isReduced =
          sample.encoding() == Encoding.JPEG
              && DecodeReduction.of(rule.place(sample.height(), sample.width(), random)) > 1;
      (isReduced ? reduced : full).add(sample);
    }
    List<Row> rows = new ArrayList<>();
    if (!full.isEmpty()) {
      rows.add(row("full size", full));
    }
    if (!reduced.isEmpty()) {
      rows.add(row("reduced size", reduced));
    }
    if (rows.size() > 1) {
      rows.add(row("all", samples));
    }
    return rows;
  }

  private Row row(String pictures, List<EncodedSample> samples) {
    double[] bare = new double[rounds];
    double[] own = new double[rounds];
    double[] ratio = new double[rounds];
    double[] cpuRatio = new double[rounds];
    double images = (double) samples.size() * threads;
    try (TrainingTransform transform = new TrainingTransform(input)) {
      for (int round = -1; round < rounds; round++) {
        Times times = round(samples, transform);
        if (round >= 0) {
          bare[round] = images / times.bareWall() * 1e9;
          own[round] = images / times.wall() * 1e9;
          ratio[round] = (double) times.bareWall() / times.wall();
          cpuRatio[round] = (double) times.bareCpu() / times.cpu();
        }
      }
    }
    double bytes = samples.stream().mapToLong(sample -> sample.image().length).sum();
    double perSecond = Median.of(own);
    return new Row(
        pictures,
        samples.size(),
        Median.of(bare),
        perSecond,
        perSecond * bytes / samples.size() / 1e6,
        Median.of(ratio),
        Median.of(cpuRatio));
  }

  private Times round(List<EncodedSample> samples, TrainingTransform transform) {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Times>> parts = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        parts.add(executor.submit(() -> pass(samples, transform)));
      }
      Times sum = new Times(0, 0, 0, 0);
      for (Future<Times> part : parts) {
        sum = sum.plus(part.get());
      }
      return sum;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BellowsException known) {
        throw known;
      }
      throw new IllegalStateException("measuring failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("interrupted while measuring", e);
    } finally {
      executor.shutdownNow();
    }
  }

  private Times pass(List<EncodedSample> samples, TrainingTransform transform) {
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    float[] out = new float[input.sampleLength()];
    Times sum = new Times(0, 0, 0, 0);
    for (EncodedSample sample : samples) {
      try (BytePointer bytes = new BytePointer(sample.image());
          Mat file = new Mat(1, sample.image().length, opencv_core.CV_8UC1, bytes)) {
        long wall0 = System.nanoTime();
        long cpu0 = clock.getCurrentThreadCpuTime();
        opencv_imgcodecs.imdecode(file, opencv_imgcodecs.IMREAD_COLOR).close();
        long cpu1 = clock.getCurrentThreadCpuTime();
        long wall1 = System.nanoTime();
        transform.apply(sample.withoutMask(), 0, out, 0);
        long cpu2 = clock.getCurrentThreadCpuTime();
        long wall2 = System.nanoTime();
        sum = sum.plus(new Times(wall1 - wall0, wall2 - wall1, cpu1 - cpu0, cpu2 - cpu1));
      }
    }
    return sum;
  }
}
