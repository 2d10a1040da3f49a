// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.conf.text.ValueText;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.network.RandomBatch;
import org.bellows.worker.train.SingleRankStep;

/**
 * Losses of LeNet-5 over some steps of SGD, on one batch.
 *
 * @param losses one a step
 * @param expected of the other engine
 * @param limit of the largest difference, as a share of what the loss falls by
 */
record LossCourse(List<Double> losses, List<Double> expected, double limit) {
  private static final int STEPS = 20;
  private static final int SAMPLES = 16;
  private static final double LEARNING_RATE = 0.01;

  static LossCourse of(EngineRequest engine, EngineRequest against) {
    double limit = Rounding.of(engine.arithmetic().precision()).courseLimit();
    return new LossCourse(losses(engine), losses(against), limit);
  }

  private static List<Double> losses(EngineRequest engine) {
    NetworkDefinition network = NetworkRegistry.standard().get("lenet5");
    int classes = network.usualClasses();
    RandomBatch batch =
        RandomBatch.of(network.graph(network.usualInput(), classes), classes, SAMPLES);
    try (SingleRankStep step =
        new SingleRankStep(
            network, network.usualInput(), classes, TrainingSettings.of(settings(engine)))) {
      return DoubleStream.generate(() -> step.take(batch.pixels(), batch.targets()))
          .limit(STEPS)
          .boxed()
          .toList();
    }
  }

  private static Settings settings(EngineRequest engine) {
    return new SettingsLoader()
        .set(
            List.of(
                "cluster.executors=1",
                "schedule.base-lr=" + LEARNING_RATE,
                "train.step-engine=" + engine.name(),
                "train.device=" + ValueText.name(engine.device()),
                "train.precision=" + ValueText.name(engine.arithmetic().precision()),
                "train.global-batch=" + SAMPLES,
                "train.lane-batch=" + SAMPLES))
        .load(List.of(), List.of());
  }

  /** What the expected loss falls by. */
  double fall() {
    return expected.get(0) - expected.get(expected.size() - 1);
  }

  double largestDifference() {
    double largest = 0;
    for (int i = 0; i < losses.size(); i++) {
      largest = Math.max(largest, Math.abs(losses.get(i) - expected.get(i)));
    }
    return largest;
  }

  boolean holds() {
    return fall() > 0 && largestDifference() <= limit * fall();
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "  %-26s from %.4f to %.4f, differences up to %.1e of the fall (limit %.1e)  %s%n",
        STEPS + " steps' loss",
        losses.get(0),
        losses.get(losses.size() - 1),
        largestDifference() / fall(),
        limit,
        holds() ? "ok" : "FAILED");
  }
}
