// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.bellows.conf.Settings;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.network.RandomBatch;

/**
 * Upper bound on two-executor scaling on this machine: both run the network's forward and backward
 * passes in lockstep, without I/O, update or exchange, over a lane batch in memory; reports the
 * share of twice one executor's rate. After each the faster would wait for the slower; nothing is
 * read, decoded, updated or exchanged. Where two processors share caches, memory or the host with
 * others this is less than one.
 */
public final class LockstepScaling {
  private static final double SECONDS = 5;
  private static final int MIN_PASSES = 20;

  /** Before those that count: the network's plan is made at the first. */
  private static final int FIRST_PASSES = 5;

  private static final double START_SECONDS = 2;

  private final JavaSparkContext spark;
  private final Settings settings;
  private final double stepSeconds;

  /**
   * @param spark with two executors of one slot each
   * @param settings of a training whose network and lane batch are taken
   * @param stepSeconds how long a pass takes, about
   */
  public LockstepScaling(JavaSparkContext spark, Settings settings, double stepSeconds) {
    this.spark = spark;
    this.settings = settings;
    this.stepSeconds = stepSeconds;
  }

  /**
   * The result of two in lockstep.
   *
   * @param share of twice one executor's rate, by the median pass, as steps are counted
   * @param laneSeconds of a pass of one while the other takes its own, the mean
   * @param spread standard deviation of these seconds divided by their mean
   */
  public record InStep(double share, double laneSeconds, double spread) {
    /**
     * @param alone seconds of each pass of one executor
     * @param together likewise, for two that wait for each other
     */
    static InStep of(double[] alone, List<double[]> together) {
      double[] slower =
          IntStream.range(0, alone.length)
              .mapToDouble(
                  pass -> together.stream().mapToDouble(own -> own[pass]).max().orElseThrow())
              .toArray();
      double[] all = together.stream().flatMapToDouble(Arrays::stream).toArray();
      double mean = Arrays.stream(all).average().orElseThrow();
      double squares = Arrays.stream(all).map(pass -> (pass - mean) * (pass - mean)).sum();
      return new InStep(
          Median.of(alone) / Median.of(slower), mean, Math.sqrt(squares / (all.length - 1)) / mean);
    }
  }

  public InStep measure() {
    return InStep.of(take(1).get(0), take(2));
  }

  /** Seconds of each pass, by executor, begun at the same time. */
  private List<double[]> take(int executors) {
    double ready = START_SECONDS + 2 * FIRST_PASSES * stepSeconds;
    Passes passes =
        new Passes(
            settings.model().name(),
            InputShape.of(settings.model()),
            settings.train().laneBatch(),
            EngineRequest.of(settings.train()),
            System.currentTimeMillis() + Math.round(1000 * ready),
            Math.max(MIN_PASSES, (int) (SECONDS / stepSeconds)));
    return spark
        .parallelize(IntStream.range(0, executors).boxed().toList(), executors)
        .map(passes)
        .collect();
  }

  /**
   * One executor's part.
   *
   * @param start in milliseconds since 1970
   * @param count how many passes
   */
  private record Passes(
      String model, InputShape input, int samples, EngineRequest engine, long start, int count)
      implements Function<Integer, double[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public double[] call(Integer executor) throws InterruptedException {
      NetworkDefinition network = NetworkRegistry.standard().get(model);
      int classes = network.usualClasses();
      RandomBatch batch = RandomBatch.of(network.graph(input, classes), classes, samples);
      double[] seconds = new double[count];
      try (LaneNetwork lane = new LaneNetwork(network, input, classes, executor, engine)) {
        float[] gradient = new float[lane.layout().length()];
        for (int pass = -FIRST_PASSES; pass < count; pass++) {
          if (pass == 0) {
            Thread.sleep(Math.max(0, start - System.currentTimeMillis()));
          }
          long begin = System.nanoTime();
          lane.gradient(batch.pixels(), batch.targets(), pass, gradient);
          if (pass >= 0) {
            seconds[pass] = (System.nanoTime() - begin) * 1e-9;
          }
        }
      }
      return seconds;
    }
  }
}
