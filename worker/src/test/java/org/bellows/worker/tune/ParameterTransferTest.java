// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.bellows.conf.AugmentSettings;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.network.RandomBatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A classifier's weights in a network that answers for each pixel. */
@Tag("instructions")
class ParameterTransferTest {
  private static final InputShape INPUT = new InputShape(3, 6, 6);
  private static final List<String> CLASSES = List.of("a", "b", "c");
  private static final LayerDefaults DEFAULTS =
      LayerDefaults.of(Activation.RELU, WeightInitializers.HE).bias(0.1);

  private static NetworkDefinition network(String name, NetworkDefinition.Builder builder) {
    return new NetworkDefinition(name, "none", INPUT, CLASSES.size(), 6, builder);
  }

  private static NetworkGraph classifier(InputShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input, DEFAULTS);
    String last = builder.convolution("conv", Heads.INPUT, Kernel.same(3), 8);
    last = builder.dense("fc", last, 5);
    last = builder.dense("score", last, classes, DEFAULTS);
    return builder.build(Heads.softmax(builder, last));
  }

  /** The same with convolutions in the place of dense layers: one answer for 6 x 6 pixels. */
  private static NetworkGraph convolutional(InputShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input, DEFAULTS);
    String last = builder.convolution("conv", Heads.INPUT, Kernel.same(3), 8);
    last = builder.convolution("fc", last, Kernel.of(6), 5);
    last = builder.convolution("score", last, Kernel.of(1), classes);
    return builder.build(Heads.pixels(builder, last, LabelFit.CENTRE));
  }

  private static ParameterTransfer transfer(InputShape input, List<String> classes) {
    ModelCard card =
        new ModelCard(
            1,
            "classifier",
            INPUT,
            CLASSES,
            new float[3],
            new float[] {1, 1, 1},
            AugmentSettings.EvaluationCrop.CENTRE,
            0,
            "",
            Map.of());
    return ParameterTransfer.of(
        network("classifier", ParameterTransferTest::classifier),
        card,
        network("convolutional", ParameterTransferTest::convolutional),
        input,
        classes);
  }

  /** Shelhamer, Long, Darrell 2017, section 3.1: the same function. */
  @Test
  void denseLayersBecomeConvolutions() {
    ParameterTransfer transfer = transfer(INPUT, CLASSES);
    assertThat(transfer.fresh()).isEmpty();
    NetworkDefinition from = network("classifier", ParameterTransferTest::classifier);
    NetworkDefinition to = network("convolutional", ParameterTransferTest::convolutional);
    int samples = 4;
    float[] pixels =
        RandomBatch.of(from.graph(INPUT, CLASSES.size()), CLASSES.size(), samples).pixels();
    try (LaneNetwork dense = new LaneNetwork(from, INPUT, CLASSES.size(), 7);
        LaneNetwork convolution = new LaneNetwork(to, INPUT, CLASSES.size(), 8)) {
      float[] model = new float[dense.layout().length()];
      dense.readParameters(model);
      float[] vector = new float[convolution.layout().length()];
      convolution.readParameters(vector);
      transfer.apply(model, vector);
      convolution.writeParameters(vector);
      float[] answers = dense.probabilities(pixels, samples);
      float[] same = convolution.probabilities(pixels, samples);
      assertThat(same).hasSameSizeAs(answers);
      for (int i = 0; i < answers.length; i++) {
        assertThat(same[i]).isCloseTo(answers[i], within(1e-5f));
      }
    }
  }

  @Test
  void imagesMayBeLargerAndOtherClassesHaveScoresOfTheirOwn() {
    ParameterTransfer transfer = transfer(new InputShape(3, 20, 31), List.of("x", "y"));
    assertThat(transfer.taken()).containsExactlyInAnyOrder("conv_W", "conv_b", "fc_W", "fc_b");
    assertThat(transfer.fresh()).containsExactlyInAnyOrder("score_W", "score_b");
  }
}
