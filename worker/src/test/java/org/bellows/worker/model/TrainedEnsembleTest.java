// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.AugmentSettings.EvaluationCrop;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.models.graph.InputShape;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.network.Ensemble;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class TrainedEnsembleTest {
  private static final InputShape INPUT = new InputShape(1, 12, 12);
  private static final float[] MEAN = {0.5f};

  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  private static ModelCard card(
      String network, InputShape input, List<String> classes, float[] mean) {
    return new ModelCard(
        ModelCard.FORMAT_VERSION,
        network,
        input,
        classes,
        mean,
        new float[] {0.25f},
        EvaluationCrop.CENTRE,
        0,
        "",
        Map.of());
  }

  /** An untrained model. */
  private String write(String name, ModelCard card, long seed) {
    try (LaneNetwork network =
        new LaneNetwork(
            NetworkRegistry.standard().get(card.network()),
            card.input(),
            card.classes().size(),
            seed)) {
      float[] parameters = new float[network.layout().length()];
      network.readParameters(parameters);
      String path = folder.resolve(name).toString();
      new TrainedModel(card, parameters).write(hadoop, path);
      return path;
    }
  }

  @Test
  void differentNetworksAnswerTogether() {
    String first = write("first", card("lenet5", INPUT, TinyDataset.CLASSES, MEAN), 1);
    String second = write("second", card("resnet20-cifar", INPUT, TinyDataset.CLASSES, MEAN), 2);
    TrainedEnsemble trained = TrainedEnsemble.read(hadoop, List.of(first, second));
    assertThat(trained.card().network()).isEqualTo("lenet5");
    try (Ensemble ensemble = trained.open(EngineRequest.named(StepEngines.USUAL))) {
      assertThat(ensemble.members()).hasSize(2);
      float[] one = ensemble.members().get(0).probabilities(TinyDataset.pixels(1, 1), 1);
      float[] other = ensemble.members().get(1).probabilities(TinyDataset.pixels(1, 1), 1);
      float[] both = ensemble.probabilities(TinyDataset.pixels(1, 1), 1, 1);
      for (int label = 0; label < 4; label++) {
        assertThat(both[label]).isEqualTo((float) (((double) one[label] + other[label]) / 2));
      }
    }
  }

  @Test
  void membersThatWouldSeeOrSaySomethingElseAreRefused() {
    String first = write("first", card("lenet5", INPUT, TinyDataset.CLASSES, MEAN), 1);
    refuses(
        first,
        card("lenet5", INPUT, List.of("a", "b"), MEAN),
        "classes a and b, expected upper-left");
    refuses(
        first,
        card("lenet5", new InputShape(1, 14, 12), TinyDataset.CLASSES, MEAN),
        "input 1x14x12, expected 1x12x12 as " + first + " has");
    refuses(
        first,
        card("lenet5", INPUT, TinyDataset.CLASSES, new float[] {0.4f}),
        "mean 0.4, expected 0.5 as " + first + " has");
    ModelCard same = card("lenet5", INPUT, TinyDataset.CLASSES, MEAN);
    refuses(
        first,
        evaluated(same, new float[] {0.2f}, EvaluationCrop.CENTRE, 0),
        "standard deviation 0.2, expected 0.25 as " + first + " has");
    refuses(
        first,
        evaluated(same, same.standardDeviation(), EvaluationCrop.TEN_CROP, 0),
        "augment.evaluation-crop ten-crop, expected centre as " + first + " has");
    refuses(
        first,
        evaluated(same, same.standardDeviation(), EvaluationCrop.CENTRE, 14),
        "augment.resize-pixels 14, expected 0 as " + first + " has");
  }

  private static ModelCard evaluated(
      ModelCard card, float[] standardDeviation, EvaluationCrop crop, int resizePixels) {
    return new ModelCard(
        card.formatVersion(),
        card.network(),
        card.input(),
        card.classes(),
        card.mean(),
        standardDeviation,
        crop,
        resizePixels,
        card.parametersSha256(),
        card.provenance());
  }

  private void refuses(String first, ModelCard other, String difference) {
    String second = write("other", other, 2);
    assertThatThrownBy(() -> TrainedEnsemble.read(hadoop, List.of(first, second)))
        .hasMessageStartingWith("evaluate.ensemble: " + second + " has " + difference)
        .extracting(failure -> ((BellowsException) failure).category())
        .isEqualTo(ErrorCategory.DATA);
  }

  @Test
  void aMissingMemberIsNamed() {
    String first = write("first", card("lenet5", INPUT, TinyDataset.CLASSES, MEAN), 1);
    assertThatThrownBy(() -> TrainedEnsemble.read(hadoop, List.of(first, folder + "/none")))
        .hasMessageStartingWith("there is no model at file:" + folder + "/none");
  }
}
