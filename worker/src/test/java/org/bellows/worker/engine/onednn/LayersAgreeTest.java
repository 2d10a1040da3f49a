// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.bellows.conf.BellowsException;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.ChannelRange;
import org.bellows.models.layer.ChannelScale;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.layer.Scale;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of layer, between two convolutions, on oneDNN as in DL4J's graph. */
@Tag("instructions")
class LayersAgreeTest {
  private static final InputShape INPUT = new InputShape(3, 11, 9);
  private static final int CLASSES = 4;
  private static final int SAMPLES = 3;

  /** A few layers from a vertex on; gives the last. */
  private interface Layers extends BiFunction<NetworkBuilder, String, String> {}

  static Stream<Arguments> layers() {
    return Stream.of(
        layers("nothing", (s, from) -> from),
        layers("strided", (s, from) -> s.convolution("c", from, Kernel.of(3).stride(2), 8)),
        layers("odd maps", (s, from) -> s.convolution("c", from, Kernel.same(3), 5)),
        layers("row", (s, from) -> s.convolution("c", from, Kernel.same(1, 7), 20)),
        layers("point", (s, from) -> s.convolution("c", from, Kernel.of(1), 24)),
        layers("max pool", (s, from) -> s.maxPool("p", from, Kernel.of(3).stride(2).padding(1))),
        layers("all max", (s, from) -> s.maxPool("p", from, Kernel.same(3))),
        layers("average", (s, from) -> s.pool("p", from, PoolingType.AVG, Kernel.same(3))),
        layers("up", (s, from) -> s.poolRoundingUp("p", even(s, from), PoolingType.MAX)),
        layers("padded", (s, from) -> s.poolRoundingUp("p", half(s, from), PoolingType.MAX)),
        layers("up average", (s, from) -> s.poolRoundingUp("p", even(s, from), PoolingType.AVG)),
        layers("norm", (s, from) -> s.norm("n", from, 1.5)),
        layers("norm, ReLU", (s, from) -> s.activation("a", s.norm("n", from, 1.5))),
        layers("odd norm", (s, from) -> s.convolutionNormActivation("c", from, Kernel.of(1), 6)),
        layers("depthwise", (s, from) -> s.depthwiseNormActivation("d", from, Kernel.same(3))),
        layers("grouped", LayersAgreeTest::grouped),
        layers("LRN", (s, from) -> s.responseNorm("l", from, 2, 1e-2)),
        layers("sum", (s, from) -> s.add("s", from, s.norm("n", from, 1))),
        layers("sum, ReLU", (s, from) -> s.activation("a", s.add("s", from, s.norm("n", from, 1)))),
        layers("merge", (s, from) -> s.merge("m", from, s.convolution("c", from, Kernel.of(1), 8))),
        layers("odd merge", LayersAgreeTest::oddMerge),
        layers("range", (s, from) -> s.layer("r", new ChannelRange(8, 8), from)),
        layers("odd range", (s, from) -> s.layer("r", new ChannelRange(3, 7), from)),
        layers("half", (s, from) -> s.layer("h", new Scale(0.5), from)),
        layers("zero", LayersAgreeTest::zero),
        layers("gate", LayersAgreeTest::gate),
        layers("ReLU6", (s, from) -> s.activation("a", from, Activation.RELU6)),
        layers("swish", (s, from) -> s.activation("a", from, Activation.SWISH)),
        layers("sigmoid", (s, from) -> s.activation("a", from, Activation.SIGMOID)),
        layers("tanh", (s, from) -> s.activation("a", from, Activation.TANH)));
  }

  private static Arguments layers(String name, Layers layers) {
    return Arguments.of(name, layers);
  }

  private static String even(NetworkBuilder s, String from) {
    return s.convolution("even", from, new Kernel(2, 2, 1, 0, 0), 16);
  }

  private static String half(NetworkBuilder s, String from) {
    return s.convolution("even", from, new Kernel(2, 1, 1, 0, 0), 16);
  }

  private static String grouped(NetworkBuilder s, String from) {
    return s.groupedConvolution("g", from, Kernel.same(3), 16, style(Activation.RELU));
  }

  private static String oddMerge(NetworkBuilder s, String from) {
    String five = s.convolution("five", from, Kernel.of(1), 5);
    return s.merge("m", five, s.convolution("six", from, Kernel.of(1), 6));
  }

  private static String zero(NetworkBuilder s, String from) {
    return s.merge("m", from, s.layer("z", new Scale(0), from));
  }

  private static String gate(NetworkBuilder s, String from) {
    String scale = s.dense("narrow", s.globalAverage("mean", from), 3);
    scale = s.dense("wide", scale, s.channels(from), style(Activation.SIGMOID));
    return s.layer("gate", new ChannelScale(), from, scale);
  }

  private static LayerDefaults style(Activation activation) {
    return LayerDefaults.of(activation, WeightInitializers.HE).bias(0.1);
  }

  private static NetworkDefinition network(Layers layers, Activation activation) {
    return new NetworkDefinition(
        "layers",
        "none",
        INPUT,
        CLASSES,
        1,
        (input, classes) -> {
          NetworkBuilder builder = new NetworkBuilder(input, style(activation));
          String last = builder.convolution("first", Heads.INPUT, Kernel.same(3), 16);
          last = layers.apply(builder, last);
          last = builder.convolution("last", last, Kernel.same(3), 8);
          last = builder.dense("dense", last, 12);
          return builder.build(Heads.classifier(builder, last, classes, WeightInitializers.HE));
        });
  }

  /** tanh instead of ReLU, so that no rounding can put a value on the other side of 0. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void lossGradientAndProbabilitiesAgree(String name, Layers layers) {
    for (Activation activation : new Activation[] {Activation.TANH, Activation.RELU}) {
      Comparison both = Comparison.of(network(layers, activation), INPUT, CLASSES, SAMPLES);
      assertThat(both.onednn().loss())
          .as("loss with %s", activation)
          .isCloseTo(both.dl4j().loss(), within(1e-4 * both.dl4j().loss()));
      assertThat(both.gradientError()).as("gradient with %s", activation).isLessThan(1e-4);
      assertThat(both.largestProbabilityError()).as("with %s", activation).isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("stems")
  void theImagesRowsAreTheSameConvolution(InputShape input, Kernel kernel) {
    NetworkDefinition network =
        new NetworkDefinition(
            "stem",
            "none",
            input,
            CLASSES,
            1,
            (shape, classes) -> {
              NetworkBuilder builder = new NetworkBuilder(shape, style(Activation.TANH));
              String last = builder.convolution("first", Heads.INPUT, kernel, 6);
              return builder.build(Heads.classifier(builder, last, classes, WeightInitializers.HE));
            });
    Comparison both = Comparison.of(network, input, CLASSES, SAMPLES);
    assertThat(both.gradientError()).isLessThan(1e-5);
    assertThat(both.largestProbabilityError()).isLessThan(1e-5);
  }

  static Stream<Arguments> stems() {
    return Stream.of(
        Arguments.of(new InputShape(1, 12, 12), Kernel.same(5)),
        Arguments.of(new InputShape(1, 12, 10), Kernel.of(4).stride(3)),
        Arguments.of(new InputShape(2, 9, 13), Kernel.same(3).stride(2)),
        Arguments.of(new InputShape(3, 20, 17), Kernel.same(7).stride(2)),
        Arguments.of(new InputShape(3, 30, 31), Kernel.of(11).stride(4).padding(2)),
        Arguments.of(new InputShape(4, 8, 8), Kernel.of(1)));
  }

  @Test
  void saysWhichLayerItDoesNotKnow() {
    NetworkDefinition network =
        network(
            (s, from) -> s.convolution("sparse", from, Kernel.of(3).dilation(2), 8),
            Activation.RELU);
    assertThatThrownBy(() -> new LaneNetwork(network, INPUT, CLASSES, 1))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "the onednn step does not know dilation 2 of vertex sparse; train.step-engine=dl4j"
                + " does");
  }
}
