// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bellows.conf.LossSettings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.DenseHead;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.PixelHead;
import org.bellows.models.loss.BinaryCrossEntropy;
import org.bellows.models.loss.PixelLoss;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LossesTest {
  private static final int SAMPLES = 4;
  private static final int CLASSES = 3;
  private static final InputShape INPUT = new InputShape(2, 5, 5);
  private static final NetworkDefinition NETWORK =
      new NetworkDefinition("two-heads", "none", INPUT, CLASSES, 1, LossesTest::twoHeads);

  private static NetworkGraph twoHeads(InputShape input, int classes) {
    LayerDefaults defaults = LayerDefaults.of(Activation.TANH, WeightInitializers.XAVIER);
    NetworkBuilder builder = new NetworkBuilder(input, defaults);
    String features = builder.convolution("conv", Heads.INPUT, Kernel.same(3), 4);
    String auxiliary =
        Heads.auxiliary(
            builder,
            "auxiliary",
            features,
            classes,
            new Heads.AuxiliaryStyle(WeightInitializers.XAVIER, 0.3));
    String main =
        Heads.classifier(
            builder, builder.dense("dense", features, 6), classes, WeightInitializers.XAVIER);
    return builder.build(List.of(main, auxiliary));
  }

  private static LossSettings loss(String... assignments) {
    return new SettingsLoader().set(List.of(assignments)).load(List.of(), List.of()).loss();
  }

  @Test
  void aNetworkKeepsItsOwnLossWhereThatWillDo() {
    assertThat(Losses.configured(NETWORK, loss("loss.label-smoothing=0.1"))).isSameAs(NETWORK);
  }

  /** Each head of pixels keeps its factor. */
  @Test
  void theLossOfPixelsIsAsTheSettingsSay() {
    NetworkDefinition pixels =
        new NetworkDefinition(
            "pixels",
            "none",
            INPUT,
            CLASSES,
            1,
            (input, classes) -> {
              NetworkBuilder builder =
                  new NetworkBuilder(
                      input, LayerDefaults.of(Activation.TANH, WeightInitializers.HE));
              String logits = builder.convolution("conv", Heads.INPUT, Kernel.same(3), classes);
              String main = Heads.pixels(builder, logits, LabelFit.CENTRE);
              String auxiliary =
                  Heads.auxiliaryPixels(builder, "auxiliary", logits, LabelFit.CENTRE, 0.4);
              return builder.build(List.of(main, auxiliary));
            });
    assertThat(pixels.isOfPixels()).isTrue();
    assertThat(NETWORK.isOfPixels()).isFalse();
    assertThat(Losses.configured(pixels, loss())).isSameAs(pixels);
    NetworkGraph graph =
        Losses.configured(pixels, loss("loss.focal-gamma=2", "loss.dice-weight=0.5"))
            .graph(INPUT, CLASSES);
    assertThat(graph.vertex("output").layer())
        .isEqualTo(new PixelHead(new PixelLoss(1, 1, 2, 1, 0.5, 0), LabelFit.CENTRE));
    assertThat(graph.vertex("auxiliary").layer())
        .isEqualTo(new PixelHead(new PixelLoss(0.4, 1, 2, 1, 0.5, 0), LabelFit.CENTRE));
  }

  /** Class weights in the targets, a teacher's answers behind them, both heads: in double. */
  @Test
  void aTaughtNetworkHasTheGradientThatDifferencesGive() {
    Nd4j.getRandom().setSeed(5);
    INDArray images = Nd4j.randn(DataType.DOUBLE, SAMPLES, 2, 5, 5);
    INDArray targets =
        NumericalGradient.someLabels(SAMPLES, CLASSES)
            .muliRowVector(Nd4j.createFromArray(0.5, 1.0, 1.5));
    INDArray teacher = Nd4j.rand(DataType.DOUBLE, SAMPLES, CLASSES).addi(0.1);
    teacher.diviColumnVector(teacher.sum(1));
    assertSlope(loss("loss.class-weights=balanced"), images, targets);
    assertSlope(
        loss("loss.class-weights=[1, 2, 3]", "loss.teacher=/teacher", "loss.teacher-share=0.4"),
        images,
        Nd4j.hstack(targets, teacher));
  }

  /** Targets from 0 to 1 that do not sum to 1; the auxiliary head keeps its factor. */
  @Test
  void binaryCrossEntropyHasTheGradientThatDifferencesGive() {
    Nd4j.getRandom().setSeed(6);
    INDArray images = Nd4j.randn(DataType.DOUBLE, SAMPLES, 2, 5, 5);
    INDArray targets = Nd4j.rand(DataType.DOUBLE, SAMPLES, CLASSES);
    LossSettings binary = loss("loss.function=binary-cross-entropy");
    assertSlope(binary, images, targets);
    assertSlope(
        loss("loss.function=binary-cross-entropy", "loss.positive-weights=[1, 2, 3]"),
        images,
        Nd4j.hstack(targets.mul(2), targets.rsub(1)));
    assertSlope(
        loss(
            "loss.function=binary-cross-entropy",
            "loss.teacher=/teacher",
            "loss.teacher-share=0.4",
            "loss.teacher-temperature=3"),
        images,
        Nd4j.hstack(targets, targets.mul(0.7)));
    NetworkGraph graph = Losses.configured(NETWORK, binary).graph(INPUT, CLASSES);
    assertThat(graph.vertex("auxiliary").layer())
        .isInstanceOfSatisfying(
            DenseHead.class,
            head -> assertThat(head.loss()).isEqualTo(new BinaryCrossEntropy(0.3f)));
  }

  private static void assertSlope(LossSettings loss, INDArray images, INDArray labels) {
    NetworkDefinition taught = Losses.configured(NETWORK, loss);
    NumericalGradient.Start start = new NumericalGradient.Start(taught.graph(INPUT, CLASSES), 3);
    assertThat(NumericalGradient.largestError(start, images, labels, 8)).isLessThan(1e-5);
  }
}
