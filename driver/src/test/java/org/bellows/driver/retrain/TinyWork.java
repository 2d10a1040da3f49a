// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.driver.registry.TinyVersions;
import org.bellows.driver.report.MetricFixtures;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.ConfusionCounts;
import org.bellows.worker.model.TrainedModel;

/**
 * Work that takes no time: the first parameter of a model is its training samples, and the more of
 * them the better it is, until they are too many.
 */
final class TinyWork implements RetrainSteps {
  private static final int TOO_MANY = 500;

  /** From here on no answer is finite, and training from such a model does not end well. */
  static final int FAR_TOO_MANY = 1000;

  private final Configuration hadoop;
  private final DatasetManifest dataset;
  private final int samples;
  private final List<Integer> trained = new ArrayList<>();
  private Runnable meanwhile = () -> {};

  TinyWork(Configuration hadoop, int samples) {
    this(hadoop, samples, TinyVersions.dataset(samples));
  }

  TinyWork(Configuration hadoop, int samples, DatasetManifest dataset) {
    this.hadoop = hadoop;
    this.samples = samples;
    this.dataset = dataset;
  }

  /** What happens elsewhere while this trains. */
  TinyWork meanwhile(Runnable other) {
    meanwhile = other;
    return this;
  }

  /** For which decisions it was asked to train. */
  List<Integer> trained() {
    return trained;
  }

  @Override
  public DatasetManifest dataset() {
    return dataset;
  }

  @Override
  public Trained train(int decision, Optional<Path> start) {
    trained.add(decision);
    meanwhile.run();
    start.ifPresent(
        model -> assertThat(seen(model.toString())).as("started from").isLessThan(FAR_TOO_MANY));
    return new Trained(
        "samples:" + samples,
        TinyVersions.model(samples),
        Map.of("steps", samples),
        Map.of("configuration.json", "{}".getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public Evaluation evaluate(String modelPath) {
    int seen = seen(modelPath);
    if (seen >= FAR_TOO_MANY) {
      long[][] counts = {{0, 0, 12}, {0, 0, 12}};
      return MetricFixtures.evaluation(
          "test",
          24,
          Double.NaN,
          0,
          0,
          TinyVersions.CLASSES,
          ConfusionCounts.of(counts),
          List.of());
    }
    double top1 = seen > TOO_MANY ? 0.1 : seen * 1e-3;
    return MetricFixtures.evaluation(
        "test",
        24,
        1 - top1,
        top1,
        1,
        TinyVersions.CLASSES,
        ConfusionCounts.of(new long[2][2]),
        List.of());
  }

  private int seen(String modelPath) {
    return modelPath.startsWith("samples:")
        ? samples
        : (int) TrainedModel.read(hadoop, modelPath).parameters()[0];
  }

  @Override
  public void forgetBefore(int decision) {}
}
