// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bellows.models.layer.Interpolation.BILINEAR;
import static org.bellows.models.layer.Interpolation.BILINEAR_ALIGNED;
import static org.bellows.models.layer.Interpolation.NEAREST;

import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.bellows.conf.BellowsException;
import org.bellows.models.graph.Decoders;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.ChannelRange;
import org.bellows.models.layer.ChannelScale;
import org.bellows.models.layer.InitialWeights;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.layer.Scale;
import org.bellows.models.layer.TransposedConvolution;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of layer, between two convolutions, on oneDNN and PyTorch as in DL4J's graph. */
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
        layers("read twice", LayersAgreeTest::readTwice),
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

  /** Maps of other sizes. */
  static Stream<Arguments> decoders() {
    return Stream.of(
        layers("dilated", (s, from) -> dilated(s, from, 2)),
        layers("far", (s, from) -> dilated(s, from, 12)),
        layers("further than the map", (s, from) -> dilated(s, from, 24)),
        layers(
            "dilated, strided",
            (s, from) -> s.convolution("c", from, new Kernel(3, 3, 2, 2, 1, 2), 5)),
        layers(
            "dilated, odd maps",
            (s, from) -> s.convolution("c", from, new Kernel(3, 3, 1, 12, 12, 12), 5)),
        layers("dilated depthwise", (s, from) -> depthwise(s, from, 2)),
        layers("depthwise, rate 3", (s, from) -> depthwise(s, from, 3)),
        layers("far depthwise", (s, from) -> depthwise(s, from, 12)),
        layers("transposed", (s, from) -> transposed(s, from, Kernel.of(2).stride(2), 16)),
        layers("transposed odd", (s, from) -> transposed(s, from, Kernel.of(2).stride(2), 5)),
        layers("overlapping", (s, from) -> transposed(s, from, Kernel.of(4).stride(2), 11)),
        layers(
            "transposed, padded",
            (s, from) -> transposed(s, from, Kernel.of(4).stride(2).padding(1), 8)),
        layers("wide strides", (s, from) -> transposed(s, from, Kernel.of(16).stride(8), 3)),
        layers("transposed, norm", LayersAgreeTest::transposedNorm),
        layers("transposed depthwise", LayersAgreeTest::transposedDepthwise),
        layers("transposed sum", LayersAgreeTest::transposedSum),
        layers("bilinear kernels", LayersAgreeTest::bilinear),
        layers("crop", (s, from) -> Decoders.crop(s, "crop", from, pooled(s, from), 3, 2)),
        layers("odd crop", LayersAgreeTest::oddCrop),
        layers("crop of 21", LayersAgreeTest::cropOf21),
        layers("whole crop", (s, from) -> Decoders.crop(s, "crop", from, Heads.INPUT)),
        layers("crop and merge", LayersAgreeTest::cropMerge),
        layers("bilinear", (s, from) -> Decoders.resize(s, "r", from, BILINEAR, 2)),
        layers("bilinear odd", (s, from) -> Decoders.resize(s, "r", five(s, from), BILINEAR, 1.7)),
        layers("bilinear down", (s, from) -> Decoders.resize(s, "r", from, BILINEAR, 0.6)),
        layers(
            "bilinear back",
            (s, from) -> Decoders.resize(s, "r", pooled(s, from), BILINEAR, Heads.INPUT)),
        layers("aligned", (s, from) -> Decoders.resize(s, "r", from, BILINEAR_ALIGNED, 2)),
        layers(
            "aligned odd",
            (s, from) -> Decoders.resize(s, "r", five(s, from), BILINEAR_ALIGNED, 0.7)),
        layers(
            "aligned back",
            (s, from) -> Decoders.resize(s, "r", pooled(s, from), BILINEAR_ALIGNED, from)),
        layers("nearest", (s, from) -> Decoders.resize(s, "r", from, NEAREST, 3)),
        layers("nearest odd", (s, from) -> Decoders.resize(s, "r", five(s, from), NEAREST, 1.7)),
        layers("nearest down", (s, from) -> Decoders.resize(s, "r", from, NEAREST, 0.5)),
        layers("unpool", (s, from) -> unpooled(s, from, Kernel.of(2).stride(2), false)),
        layers("unpool up", (s, from) -> unpooled(s, from, Kernel.of(2).stride(2), true)),
        layers(
            "unpool three", (s, from) -> unpooled(s, five(s, from), Kernel.of(3).stride(3), true)),
        layers(
            "unpool overlapping",
            (s, from) -> unpooled(s, from, Kernel.of(3).stride(2).padding(1), false)),
        layers("unpool twice", LayersAgreeTest::unpooledTwice),
        layers("one bin", (s, from) -> Decoders.adaptiveAverage(s, "a", from, 1)),
        layers("bins", (s, from) -> Decoders.adaptiveAverage(s, "a", from, 3)),
        layers("regular bins", LayersAgreeTest::regularBins),
        layers("more bins", (s, from) -> Decoders.adaptiveAverage(s, "a", five(s, from), 13)),
        layers("frozen norm", LayersAgreeTest::frozenNorm),
        layers("frozen norm, ReLU", (s, from) -> s.activation("a", frozenNorm(s, from))));
  }

  private static String dilated(NetworkBuilder s, String from, int rate) {
    return s.convolution("c", from, Kernel.of(3).padding(rate).dilation(rate), 16);
  }

  private static String depthwise(NetworkBuilder s, String from, int rate) {
    return s.depthwiseNormActivation("d", from, Kernel.of(3).padding(rate).dilation(rate));
  }

  private static String transposed(NetworkBuilder s, String from, Kernel kernel, int maps) {
    return Decoders.transposedConvolution(s, "t", from, kernel, maps);
  }

  private static String transposedNorm(NetworkBuilder s, String from) {
    LayerDefaults linear = style(Activation.IDENTITY);
    String up = Decoders.transposedConvolution(s, "t", from, Kernel.of(3).stride(2), 10, linear);
    return s.activation("a", s.norm("n", up, 1.5));
  }

  private static String transposedSum(NetworkBuilder s, String from) {
    LayerDefaults linear = style(Activation.IDENTITY);
    String up = Decoders.transposedConvolution(s, "t", from, Kernel.same(3), 16, linear);
    return s.activation("a", s.add("s", up, s.norm("n", from, 1)));
  }

  private static String transposedDepthwise(NetworkBuilder s, String from) {
    Kernel kernel = Kernel.of(4).stride(2).padding(1);
    int channels = s.channels(five(s, from));
    return s.layer(
        "t",
        new TransposedConvolution(
            channels,
            kernel,
            channels,
            true,
            Activation.TANH,
            InitialWeights.normal(0.3),
            true,
            0.2),
        "five");
  }

  private static String bilinear(NetworkBuilder s, String from) {
    String up = Decoders.bilinearDeconvolution(s, "t", five(s, from), Kernel.of(8).stride(4));
    return Decoders.crop(s, "c", up, from, 2, 3);
  }

  private static String pooled(NetworkBuilder s, String from) {
    return s.maxPool("small", from, Kernel.of(3).stride(2));
  }

  private static String five(NetworkBuilder s, String from) {
    return s.convolution("five", from, Kernel.of(1), 5);
  }

  private static String oddCrop(NetworkBuilder s, String from) {
    return Decoders.crop(s, "crop", five(s, from), pooled(s, from));
  }

  /** The last block of 8 or 16 channels is not full. */
  private static String cropOf21(NetworkBuilder s, String from) {
    String map = s.convolution("c", from, Kernel.same(3), 21);
    return Decoders.crop(s, "crop", map, pooled(s, from), 3, 2);
  }

  private static String cropMerge(NetworkBuilder s, String from) {
    return Decoders.mergeCropped(s, "m", from, s.convolution("c", from, Kernel.of(3), 6));
  }

  private static String unpooled(NetworkBuilder s, String from, Kernel kernel, boolean roundsUp) {
    String pool = s.layer("pool", new Pool(PoolingType.MAX, kernel, roundsUp), from);
    return Decoders.unpool(
        s, "unpool", s.convolution("values", pool, Kernel.same(3), s.channels(pool)), pool);
  }

  private static String unpooledTwice(NetworkBuilder s, String from) {
    String once = unpooled(s, from, Kernel.of(2).stride(2), true);
    return s.add("twice", once, Decoders.unpool(s, "again", "pool", "pool"));
  }

  private static String regularBins(NetworkBuilder s, String from) {
    return Decoders.adaptiveAverage(
        s, "a", s.convolution("c", from, new Kernel(6, 4, 1, 0, 0), 6), 3);
  }

  private static String frozenNorm(NetworkBuilder s, String from) {
    return s.layer("n", new BatchNorm(1e-3, 0.9, 1.5).frozen(), five(s, from));
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

  /** A convolution reads a map before tanh does, which could otherwise overwrite it. */
  private static String readTwice(NetworkBuilder s, String from) {
    String norm = s.norm("n", from, 1);
    String other = s.convolution("c", norm, Kernel.of(1), 16);
    return s.add("s", other, s.activation("a", norm, Activation.TANH));
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
  @MethodSource({"layers", "decoders"})
  void lossGradientAndProbabilitiesAgree(String name, Layers layers) {
    for (Activation activation : new Activation[] {Activation.TANH, Activation.RELU}) {
      agree(Comparison.of(network(layers, activation), INPUT, CLASSES, SAMPLES), 1e-4, activation);
    }
  }

  private static void agree(Comparison all, double limit, Activation activation) {
    Comparison.Result expected = all.dl4j();
    all.fast()
        .forEach(
            (engine, result) -> {
              assertThat(result.loss())
                  .as("loss of %s with %s", engine, activation)
                  .isCloseTo(expected.loss(), within(limit * expected.loss()));
              assertThat(result.gradientError(expected))
                  .as("gradient of %s with %s", engine, activation)
                  .isLessThan(limit);
              assertThat(result.largestProbabilityError(expected))
                  .as("%s with %s", engine, activation)
                  .isLessThan(1e-5);
            });
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
    agree(Comparison.of(network, input, CLASSES, SAMPLES), 1e-5, Activation.TANH);
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
        network((s, from) -> s.maxPool("sparse", from, Kernel.of(3).dilation(2)), Activation.RELU);
    assertThatThrownBy(() -> new LaneNetwork(network, INPUT, CLASSES, 1))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "the onednn step does not know a pool's dilation 2 of vertex sparse;"
                + " train.step-engine=dl4j does");
  }
}
