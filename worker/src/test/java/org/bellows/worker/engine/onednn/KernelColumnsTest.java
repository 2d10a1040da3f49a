// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.onednn.arithmetic.Processor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code train.convolutions = columns} beside gradients of whole kernels. */
@Tag("instructions")
class KernelColumnsTest {
  private static final int CLASSES = 5;
  private static final int SAMPLES = 2;

  /** Of one array, |columns - whole| / |whole|: the same products in another order. */
  private static final double TOLERANCE = 1e-5;

  /**
   * With stride 1 and 2. At this size the maps of the last three kernels of 5 x 5 have three rows:
   * there oneDNN has no code for columns either.
   */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "BFLOAT16"})
  void gradientsOfWideDepthwiseKernelsAreOtherSumsOfTheSame(Precision precision) {
    Arithmetic columns = new Arithmetic(TrainSettings.Convolutions.COLUMNS, precision);
    assumeThat(Processor.refusal(columns)).as("what this processor lacks").isEmpty();
    NetworkDefinition network = NetworkRegistry.standard().get("efficientnet-b0");
    InputShape input = new InputShape(3, 96, 96);
    double[] some = gradient(network, input, columns);
    double[] whole =
        gradient(network, input, new Arithmetic(TrainSettings.Convolutions.DIRECT, precision));
    Map<String, Double> errors = new LinkedHashMap<>();
    for (FlatLayout.ParameterSlot slot : FlatLayout.of(network.graph(input, CLASSES)).segments()) {
      double[] one = Arrays.copyOfRange(some, slot.offset(), slot.end());
      double[] other = Arrays.copyOfRange(whole, slot.offset(), slot.end());
      if (!Arrays.equals(one, other)) {
        errors.put(slot.name(), Comparison.relativeError(one, other));
      }
    }
    assertThat(errors)
        .containsOnlyKeys(
            "stage3-block1-depthwise_W",
            "stage3-block2-depthwise_W",
            "stage5-block1-depthwise_W",
            "stage5-block2-depthwise_W",
            "stage5-block3-depthwise_W",
            "stage6-block1-depthwise_W")
        .allSatisfy((name, error) -> assertThat(error).as(name).isLessThan(TOLERANCE));
  }

  /** The maps are widened to whole blocks, of 8 or 16: these gradients are computed whole. */
  @Test
  void channelsThatFillNoBlocksAreNotDivided() {
    Arithmetic columns = new Arithmetic(TrainSettings.Convolutions.COLUMNS, Precision.FLOAT32);
    InputShape input = new InputShape(3, 12, 12);
    NetworkDefinition network =
        new NetworkDefinition(
            "odd",
            "none",
            input,
            CLASSES,
            1,
            (shape, classes) -> {
              NetworkBuilder builder =
                  new NetworkBuilder(
                      shape, LayerDefaults.of(Activation.RELU, WeightInitializers.HE));
              String last = builder.convolutionNormActivation("c", Heads.INPUT, Kernel.same(3), 20);
              last = builder.depthwiseNormActivation("d", last, Kernel.same(5));
              return builder.build(Heads.classifier(builder, last, classes, WeightInitializers.HE));
            });
    assertThat(gradient(network, input, columns))
        .isEqualTo(gradient(network, input, Arithmetic.USUAL));
  }

  private static double[] gradient(
      NetworkDefinition network, InputShape input, Arithmetic arithmetic) {
    EngineRequest request = new EngineRequest(OneDnnEngineProvider.NAME, arithmetic);
    return Comparison.result(network, input, CLASSES, SAMPLES, request).gradient();
  }
}
