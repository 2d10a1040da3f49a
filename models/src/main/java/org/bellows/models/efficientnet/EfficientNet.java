// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.efficientnet;

import java.util.ArrayList;
import java.util.List;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.ChannelScale;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.network.NetworkDefinition;

/**
 * Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", 2019:
 * table 1's B0, and B1 to B7 by compound scaling (section 3.3).
 *
 * <pre>
 * stage   block            channels  layers    output of B0 (224x224 input)
 * stem    3x3 /2                 32             32 x 112 x 112
 * 1       MBConv1, 3x3           16  1          16 x 112 x 112
 * 2       MBConv6, 3x3 /2        24  2          24 x  56 x  56
 * 3       MBConv6, 5x5 /2        40  2          40 x  28 x  28
 * 4       MBConv6, 3x3 /2        80  3          80 x  14 x  14
 * 5       MBConv6, 5x5          112  3         112 x  14 x  14
 * 6       MBConv6, 5x5 /2       192  4         192 x   7 x   7
 * 7       MBConv6, 3x3          320  1         320 x   7 x   7
 * head    1x1                  1280           1280 x   7 x   7
 * output  average, dropout, dense              classes
 *
 *         B0   B1   B2   B3   B4   B5   B6   B7
 * width   1.0  1.0  1.1  1.2  1.4  1.6  1.8  2.0
 * depth   1.0  1.1  1.2  1.4  1.8  2.2  2.6  3.1
 * input   224  240  260  300  380  456  528  600
 * dropout 0.2  0.2  0.3  0.3  0.4  0.4  0.5  0.5
 * </pre>
 *
 * <p>MBConv is MobileNetV2's bottleneck with swish instead of ReLU6 and with squeeze-and-excitation
 * after the depthwise convolution, of a quarter of the block's input channels. Channels are rounded
 * to the nearest multiple of 8, but not below nine tenths; layers are rounded up. The residual
 * branch of block i of N is dropped with probability 0.2 i / N (stochastic depth). BatchNorm:
 * epsilon 1e-3, decay 0.99. Weights: He with the fan-out; dense uniform in +-1 / sqrt(classes), as
 * in the published code.
 *
 * <p>Deviation: padding is the same on both sides, as in torchvision; the published code pads more
 * at the right and bottom where a stride halves an even map.
 */
public final class EfficientNet {
  private static final int USUAL_CLASSES = 1000;
  private static final int SMALLEST_SIDE = 1;
  private static final String PAPER = "Tan and Le 2019, \"EfficientNet\", table 1";
  private static final Kernel POINT = Kernel.of(1);
  private static final int STEM_CHANNELS = 32;
  private static final int HEAD_CHANNELS = 1280;
  private static final int CHANNEL_MULTIPLE = 8;
  private static final int SQUEEZE = 4;
  private static final double LARGEST_DROP = 0.2;
  private static final LayerDefaults STYLE =
      LayerDefaults.of(Activation.SWISH, WeightInitializers.HE_FAN_OUT).normalisation(1e-3, 0.99);
  private static final LayerDefaults GATE =
      LayerDefaults.of(Activation.SIGMOID, WeightInitializers.HE_FAN_OUT);
  private static final WeightInitializers DENSE_WEIGHTS = WeightInitializers.UNIFORM_OVER_FAN_OUT;

  private static final List<Stage> STAGES =
      List.of(
          new Stage(1, 3, 1, 16, 1),
          new Stage(6, 3, 2, 24, 2),
          new Stage(6, 5, 2, 40, 2),
          new Stage(6, 3, 2, 80, 3),
          new Stage(6, 5, 1, 112, 3),
          new Stage(6, 5, 2, 192, 4),
          new Stage(6, 3, 1, 320, 1));

  static final List<Scale> SCALES =
      List.of(
          new Scale(1.0, 1.0, 224, 0.2),
          new Scale(1.0, 1.1, 240, 0.2),
          new Scale(1.1, 1.2, 260, 0.3),
          new Scale(1.2, 1.4, 300, 0.3),
          new Scale(1.4, 1.8, 380, 0.4),
          new Scale(1.6, 2.2, 456, 0.4),
          new Scale(1.8, 2.6, 528, 0.5),
          new Scale(2.0, 3.1, 600, 0.5));

  private EfficientNet() {}

  record Stage(int expansion, int kernel, int stride, int channels, int layers) {}

  /** Column of the second table. */
  record Scale(double width, double depth, int side, double dropout) {
    int channels(int unscaled) {
      double wanted = unscaled * width;
      int half = CHANNEL_MULTIPLE / 2;
      int rounded = (int) (wanted + half) / CHANNEL_MULTIPLE * CHANNEL_MULTIPLE;
      int atLeast = Math.max(CHANNEL_MULTIPLE, rounded);
      return atLeast < 0.9 * wanted ? atLeast + CHANNEL_MULTIPLE : atLeast;
    }

    int layers(int unscaled) {
      return (int) Math.ceil(unscaled * depth);
    }
  }

  /** One block; {@code drop} is the probability that its residual branch is dropped. */
  record Block(String name, Stage stage, int stride, int channels, double drop) {}

  public static List<NetworkDefinition> family() {
    List<NetworkDefinition> family = new ArrayList<>();
    for (int i = 0; i < SCALES.size(); i++) {
      Scale scale = SCALES.get(i);
      family.add(
          new NetworkDefinition(
              "efficientnet-b" + i,
              PAPER,
              new InputShape(3, scale.side(), scale.side()),
              USUAL_CLASSES,
              SMALLEST_SIDE,
              (input, classes) -> build(scale, new NetworkBuilder(input, STYLE), classes)));
    }
    return family;
  }

  private static NetworkGraph build(Scale scale, NetworkBuilder builder, int classes) {
    Kernel stem = Kernel.same(3).stride(2);
    String last =
        builder.convolutionNormActivation("stem", Heads.INPUT, stem, scale.channels(STEM_CHANNELS));
    for (Block block : blocks(scale)) {
      last = block(builder, block, last);
    }
    int head = scale.channels(HEAD_CHANNELS);
    last = builder.convolutionNormActivation("head", last, POINT, head);
    last = builder.dropout("dropout", builder.globalAverage("pool", last), scale.dropout());
    return builder.build(Heads.classifier(builder, last, classes, DENSE_WEIGHTS));
  }

  static List<Block> blocks(Scale scale) {
    int total = STAGES.stream().mapToInt(stage -> scale.layers(stage.layers())).sum();
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < STAGES.size(); i++) {
      Stage stage = STAGES.get(i);
      for (int layer = 0; layer < scale.layers(stage.layers()); layer++) {
        String name = "stage%d-block%d".formatted(i + 1, layer + 1);
        int stride = layer == 0 ? stage.stride() : 1;
        double drop = LARGEST_DROP * blocks.size() / total;
        blocks.add(new Block(name, stage, stride, scale.channels(stage.channels()), drop));
      }
    }
    return blocks;
  }

  private static String block(NetworkBuilder builder, Block block, String from) {
    String name = block.name();
    Stage stage = block.stage();
    int narrow = builder.channels(from);
    String inner = from;
    if (stage.expansion() > 1) {
      int wide = narrow * stage.expansion();
      inner = builder.convolutionNormActivation(name + "-expand", from, POINT, wide);
    }
    Kernel kernel = Kernel.same(stage.kernel()).stride(block.stride());
    inner = builder.depthwiseNormActivation(name + "-depthwise", inner, kernel);
    inner = squeezeAndExcite(builder, name, inner, Math.max(1, narrow / SQUEEZE));
    inner = builder.convolutionNorm(name + "-project", inner, POINT, block.channels());
    if (block.stride() > 1 || narrow != block.channels()) {
      return inner;
    }
    if (block.drop() > 0) {
      inner = builder.layer(name + "-drop", new StochasticDepth(1 - block.drop()), inner);
    }
    return builder.add(name + "-add", inner, from);
  }

  /** Hu et al. 2018, section 3: the mean of each channel decides how far the channel counts. */
  private static String squeezeAndExcite(
      NetworkBuilder builder, String name, String from, int squeezed) {
    String scale = builder.globalAverage(name + "-squeeze", from);
    scale = builder.dense(name + "-reduce", scale, squeezed);
    scale = builder.dense(name + "-gate", scale, builder.channels(from), GATE);
    return builder.layer(name + "-excite", new ChannelScale(), from, scale);
  }
}
