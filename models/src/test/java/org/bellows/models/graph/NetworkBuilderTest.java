// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.ChannelRange;
import org.bellows.models.layer.ChannelScale;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.network.NumericalGradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NetworkBuilderTest {
  private static final long SEED = 3;
  private static final LayerDefaults STYLE =
      LayerDefaults.of(Activation.SWISH, WeightInitializers.HE);

  /** Krizhevsky et al. 2012, section 3.3: five neighbours, alpha is not divided by them. */
  @Test
  void normalisesOverFiveNeighbouringChannels() {
    INDArray image = image(7, 1, 1, 2, 3, 4, 5, 6, 7);
    INDArray output = run(7, 1, image, builder -> builder.responseNorm("norm", "image", 2, 0.1));
    double middle = 4 / Math.pow(2 + 0.1 * (4 + 9 + 16 + 25 + 36), 0.75);
    double first = 1 / Math.pow(2 + 0.1 * (1 + 4 + 9), 0.75);
    assertThat(output.getDouble(0, 3, 0, 0)).isCloseTo(middle, within(1e-5));
    assertThat(output.getDouble(0, 0, 0, 0)).isCloseTo(first, within(1e-5));
  }

  @Test
  void givesEachGroupItsOwnChannelsOnly() {
    UnaryOperator<INDArray> grouped =
        image ->
            run(
                4,
                3,
                image,
                builder -> builder.groupedConvolution("conv", "image", Kernel.same(3), 6, STYLE));
    Nd4j.getRandom().setSeed(1);
    INDArray image = Nd4j.rand(DataType.FLOAT, 1, 4, 3, 3);
    INDArray before = grouped.apply(image);
    image.putScalar(new int[] {0, 3, 1, 1}, 5);
    INDArray change = grouped.apply(image).sub(before);
    assertThat(change.shape()).containsExactly(1, 6, 3, 3);
    for (int map = 0; map < 6; map++) {
      double largest = change.slice(0).slice(map).amaxNumber().doubleValue();
      assertThat(largest > 0).isEqualTo(map >= 3);
    }
  }

  @Test
  void saysWhichChannelsDoNotExist() {
    NetworkBuilder builder = new NetworkBuilder(new InputShape(3, 2, 2), STYLE);
    assertThatThrownBy(() -> builder.layer("range", new ChannelRange(2, 2), "image"))
        .hasMessage("channels 2 to 3 do not exist: the map has 3");
  }

  @Test
  void saysWhichLayerTheImageIsTooSmallFor() {
    NetworkBuilder builder = new NetworkBuilder(new InputShape(3, 2, 9), STYLE);
    Kernel kernel = new Kernel(5, 3, 1, 1, 0);
    assertThatThrownBy(() -> builder.convolution("conv", "image", kernel, 4))
        .hasMessage("the image is too small: conv needs 3 x 3 pixels, image has 2 x 9");
  }

  /** Caffe's rule: floor(side / 2), the last window of an even side sticks out. */
  @ParameterizedTest
  @CsvSource({"4, 2, 16", "5, 2, 25", "6, 3, 36", "7, 3, 49"})
  void poolsRoundingUp(int side, int pooled, double last) {
    INDArray image = Nd4j.arange(1, side * side + 1).castTo(DataType.FLOAT);
    INDArray output =
        run(
            1,
            side,
            image.reshape(1, 1, side, side),
            builder -> builder.poolRoundingUp("pool", "image", PoolingType.MAX));
    assertThat(output.shape()).containsExactly(1, 1, pooled, pooled);
    assertThat(output.getDouble(0, 0, 0, 0)).isEqualTo(2 * side + 3);
    assertThat(output.getDouble(0, 0, pooled - 1, pooled - 1)).isEqualTo(last);
  }

  /**
   * In single precision, the way of training: padding neither dilutes a mean nor wins a maximum.
   */
  @Test
  void leavesPaddingOutOfPools() {
    INDArray image = Nd4j.ones(DataType.FLOAT, 1, 1, 5, 5).neg();
    Kernel kernel = Kernel.same(3);
    INDArray mean =
        run(1, 5, image, builder -> builder.pool("pool", "image", PoolingType.AVG, kernel));
    assertThat(mean.sub(image).amaxNumber().doubleValue()).isLessThan(1e-6);
    assertThat(run(1, 5, image, builder -> builder.maxPool("pool", "image", kernel)))
        .isEqualTo(image);
  }

  @Test
  void poolsAMapOfOneEvenSideRoundingUp() {
    NetworkBuilder builder = new NetworkBuilder(new InputShape(1, 6, 7), STYLE);
    String pool = builder.poolRoundingUp("pool", "image", PoolingType.MAX);
    assertThat(builder.map(pool).height()).isEqualTo(3);
    assertThat(builder.map(pool).width()).isEqualTo(3);
  }

  /** Hu et al. 2018, equation 4: every pixel of channel c times s_c. */
  @Test
  void scalesChannels() {
    INDArray image = image(2, 2, 1, 2, 3, 4, 5, 6, 7, 8);
    INDArray output =
        run(
            2,
            2,
            image,
            builder ->
                builder.layer(
                    "scaled", new ChannelScale(), "image", builder.globalAverage("mean", "image")));
    assertThat(output.slice(0).slice(0).mul(2).toFloatMatrix()[1]).containsExactly(15, 20);
    assertThat(output.slice(0).slice(1).mul(2).toFloatMatrix()[0]).containsExactly(65, 78);
  }

  @Test
  void dropsWholeBranchesInTrainingOnly() {
    NetworkBuilder builder = new NetworkBuilder(new InputShape(1, 2, 2), STYLE);
    builder.layer("drop", new StochasticDepth(0.75), "image");
    ComputationGraph graph = graph(classified(builder, "drop"));
    INDArray images = Nd4j.ones(DataType.FLOAT, 400, 1, 2, 2);
    assertThat(graph.feedForward(images, false).get("drop")).isEqualTo(images);
    INDArray dropped = drop(graph, images, 5);
    assertThat(drop(graph, images, 5)).isEqualTo(dropped);
    assertThat(drop(graph, images, 6)).isNotEqualTo(dropped);
    int survivors = 0;
    for (int i = 0; i < 400; i++) {
      float[] branch = dropped.slice(i).ravel().toFloatVector();
      float expected = branch[0] == 0 ? 0 : (float) (1 / 0.75);
      assertThat(branch).containsOnly(expected);
      survivors += branch[0] == 0 ? 0 : 1;
    }
    // Binomial: 300 on average, deviation 8.7.
    assertThat(survivors).isBetween(270, 330);
  }

  @Test
  void refusesASurvivalThatIsNoProbability() {
    assertThatThrownBy(() -> new StochasticDepth(0))
        .hasMessage("survival probability is 0.0, expected (0, 1]");
  }

  @Test
  void addsTheWeightedLossOfAuxiliaryHeads() {
    INDArray labels = NumericalGradient.someLabels(4, 3).castTo(DataType.FLOAT);
    ComputationGraph graph = graph(everything());
    INDArray images = images();
    Nd4j.getRandom().setSeed(2);
    graph.setInputs(images);
    graph.setLabels(labels, labels);
    graph.computeGradientAndScore();
    Nd4j.getRandom().setSeed(2);
    Map<String, INDArray> answers = graph.feedForward(images, true);
    double main = crossEntropy(answers.get(Heads.OUTPUT), labels);
    double auxiliary = crossEntropy(answers.get("auxiliary"), labels);
    assertThat(graph.score()).isCloseTo(main + 0.3 * auxiliary, within(1e-4));
    assertThat(auxiliary).isGreaterThan(0.1);
  }

  @Test
  void hasTheGradientThatDifferencesGive() {
    INDArray labels = NumericalGradient.someLabels(4, 3);
    NumericalGradient.Start start = new NumericalGradient.Start(everything(), 3);
    assertThat(NumericalGradient.largestError(start, images(), labels, 6)).isLessThan(1e-4);
    assertThat(NumericalGradient.errorAlongDirection(start, images(), labels, 4)).isLessThan(1e-5);
  }

  /** Each kind of layer and vertex once, small. */
  private static NetworkGraph everything() {
    NetworkBuilder builder = new NetworkBuilder(new InputShape(4, 7, 8), STYLE);
    String last = builder.groupedConvolution("grouped", "image", Kernel.same(3), 6, STYLE);
    last = builder.responseNorm("response", last, 2, 0.1);
    last = builder.depthwiseNormActivation("depthwise", last, Kernel.same(3).stride(2));
    String gate = builder.dense("gate", builder.globalAverage("squeeze", last), 6);
    String branch = builder.layer("excite", new ChannelScale(), last, gate);
    branch = builder.convolutionNorm("asymmetric", branch, Kernel.same(1, 3), 6, 0.5);
    branch = builder.layer("drop", new StochasticDepth(0.6), branch);
    last = builder.add("add", branch, last);
    String auxiliary = builder.pool("mean", last, PoolingType.AVG, Kernel.same(3));
    String pooled = builder.maxPool("max", last, Kernel.same(3));
    last = builder.dropout("dropout", builder.merge("merge", last, pooled), 0.3);
    String main = Heads.classifier(builder, last, 3, WeightInitializers.XAVIER);
    Heads.AuxiliaryStyle style = new Heads.AuxiliaryStyle(WeightInitializers.XAVIER_UNIFORM, 0.3);
    return builder.build(List.of(main, Heads.auxiliary(builder, "auxiliary", auxiliary, 3, style)));
  }

  private static INDArray images() {
    Nd4j.getRandom().setSeed(9);
    return Nd4j.randn(DataType.FLOAT, 4, 4, 7, 8);
  }

  private static double crossEntropy(INDArray probabilities, INDArray labels) {
    double sum = 0;
    for (int i = 0; i < labels.size(0); i++) {
      for (int c = 0; c < labels.size(1); c++) {
        sum -= labels.getDouble(i, c) * Math.log(probabilities.getDouble(i, c));
      }
    }
    return sum / labels.size(0);
  }

  private static INDArray drop(ComputationGraph graph, INDArray images, long seed) {
    Nd4j.getRandom().setSeed(seed);
    return graph.feedForward(images, true).get("drop").dup();
  }

  /** [1, channels, side, side]. */
  private static INDArray image(int channels, int side, float... values) {
    return Nd4j.createFromArray(values).reshape(1, channels, side, side);
  }

  private static INDArray run(
      int channels, int side, INDArray image, Function<NetworkBuilder, String> layer) {
    NetworkBuilder builder = new NetworkBuilder(new InputShape(channels, side, side), STYLE);
    String last = layer.apply(builder);
    return graph(classified(builder, last)).feedForward(image, false).get(last);
  }

  private static NetworkGraph classified(NetworkBuilder builder, String from) {
    return builder.build(Heads.classifier(builder, from, 2, WeightInitializers.XAVIER));
  }

  private static ComputationGraph graph(NetworkGraph network) {
    return Dl4jGraph.initialised(network, SEED);
  }
}
