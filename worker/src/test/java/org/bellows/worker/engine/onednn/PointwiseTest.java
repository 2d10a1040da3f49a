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
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.onednn.arithmetic.Processor;
import org.bellows.worker.natives.NativeLibraries;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pointwise convolutions and BatchNorms in bfloat16, each gradient beside that of float32. With AMX
 * they are computed another way, which the other processors' tests do not see.
 */
@Tag("instructions")
class PointwiseTest {
  private static final Arithmetic BFLOAT16 =
      new Arithmetic(TrainSettings.Convolutions.DIRECT, Precision.BFLOAT16);
  private static final int CLASSES = 5;
  private static final int SAMPLES = 4;

  /** Of one array, |bfloat16 - float32| / |float32|, some ten roundings of 2^-9 deep. */
  private static final double TOLERANCE = 0.04;

  @BeforeEach
  void requireInstructions() {
    NativeLibraries.load();
    assumeThat(Processor.refusal(BFLOAT16)).as("what this processor lacks").isEmpty();
  }

  /**
   * Sides that the stride divides and that it does not; channels of one block, of some, of part of
   * one, and of many. Two convolutions read the same map, one of them with a stride.
   */
  @ParameterizedTest
  @CsvSource({"16, 16, 32, 128", "15, 16, 48, 256", "15, 20, 32, 136", "14, 32, 24, 144"})
  void gradientsAreThoseOfFloatsButForRounding(int side, int first, int second, int third) {
    InputShape input = new InputShape(3, side, side);
    requireClose(
        network(input, first, second, third), input, "skip_W", "biased_b", "wide-norm_gamma");
  }

  /**
   * The output has the sides of the input, but each of its pixels is of another one, or of none.
   */
  @Test
  void paddingWithAStrideIsNotTakenForTheSamePixels() {
    InputShape input = new InputShape(3, 3, 3);
    NetworkDefinition network =
        new NetworkDefinition(
            "padded",
            "none",
            input,
            CLASSES,
            1,
            (shape, classes) -> {
              NetworkBuilder builder = builder(shape);
              String stem =
                  builder.convolutionNormActivation("stem", Heads.INPUT, Kernel.same(3), 16);
              String padded =
                  builder.convolution("padded", stem, Kernel.of(1).stride(2).padding(1), 32);
              return builder.build(
                  Heads.classifier(builder, padded, classes, WeightInitializers.HE));
            });
    requireClose(network, input, "padded_W");
  }

  /**
   * @param arrays of parameters that the network has, among others
   */
  private static void requireClose(NetworkDefinition network, InputShape input, String... arrays) {
    assertThat(errors(network, input))
        .containsKeys(arrays)
        .allSatisfy((name, error) -> assertThat(error).as(name).isLessThan(TOLERANCE));
  }

  /** By array of parameters: |bfloat16 - float32| / |float32|. */
  private static Map<String, Double> errors(NetworkDefinition network, InputShape input) {
    double[] rounded = gradient(network, input, BFLOAT16);
    double[] exact = gradient(network, input, Arithmetic.USUAL);
    Map<String, Double> errors = new LinkedHashMap<>();
    for (FlatLayout.ParameterSlot slot : FlatLayout.of(network.graph(input, CLASSES)).segments()) {
      errors.put(
          slot.name(),
          Comparison.relativeError(
              Arrays.copyOfRange(rounded, slot.offset(), slot.end()),
              Arrays.copyOfRange(exact, slot.offset(), slot.end())));
    }
    return errors;
  }

  private static NetworkBuilder builder(InputShape shape) {
    return new NetworkBuilder(shape, LayerDefaults.of(Activation.TANH, WeightInitializers.HE));
  }

  private static NetworkDefinition network(InputShape input, int first, int second, int third) {
    return new NetworkDefinition(
        "pointwise",
        "none",
        input,
        CLASSES,
        1,
        (shape, classes) -> {
          NetworkBuilder builder = builder(shape);
          String stem =
              builder.convolutionNormActivation("stem", Heads.INPUT, Kernel.same(3), first);
          String skip = builder.convolution("skip", stem, Kernel.of(1).stride(2), second);
          String main = builder.convolution("biased", stem, Kernel.of(1), second);
          main = builder.norm("biased-norm", main, 1);
          main = builder.convolution("down", main, Kernel.same(3).stride(2), second);
          String sum = builder.add("sum", skip, main);
          String wide = builder.convolution("wide", sum, Kernel.of(1), third);
          wide = builder.activation("wide-act", builder.norm("wide-norm", wide, 1));
          return builder.build(Heads.classifier(builder, wide, classes, WeightInitializers.HE));
        });
  }

  private static double[] gradient(
      NetworkDefinition network, InputShape input, Arithmetic arithmetic) {
    EngineRequest request = new EngineRequest(OneDnnEngineProvider.NAME, arithmetic);
    return Comparison.result(network, input, CLASSES, SAMPLES, request).gradient();
  }
}
