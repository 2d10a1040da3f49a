// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.mobilenet;

import java.util.ArrayList;
import java.util.List;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.network.NetworkDefinition;

/**
 * Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision
 * Applications", 2017, table 1: a convolution is split into a 3x3 depthwise and a 1x1 one, each
 * followed by BatchNorm and ReLU.
 *
 * <pre>
 * stage   layers                                      output (224x224 input)
 * stem    3x3 /2, 32                                   32 x 112 x 112
 * 1       depthwise, 64                                64 x 112 x 112
 * 2-3     depthwise /2, 128; depthwise, 128           128 x  56 x  56
 * 4-5     depthwise /2, 256; depthwise, 256           256 x  28 x  28
 * 6-11    depthwise /2, 512; five times depthwise, 512 512 x 14 x  14
 * 12-13   depthwise /2, 1024; depthwise, 1024        1024 x   7 x   7
 * output  average, dense                              classes
 * </pre>
 *
 * <p>The width multiplier (section 3.3) of {@code mobilenet-v1-0.75}, {@code -0.5} and {@code
 * -0.25} scales all channels; the resolution multiplier (section 3.4) is the input's size. He
 * initialisation: the paper gives none. Deviations: padding is the same on both sides (TensorFlow
 * pads more at the right and bottom), and the last depthwise convolution has stride 1, as the map's
 * size in table 1 demands; the table's "s2" there is a misprint.
 */
public final class MobileNetV1 {
  private static final InputShape USUAL_INPUT = new InputShape(3, 224, 224);
  private static final int USUAL_CLASSES = 1000;
  private static final int SMALLEST_SIDE = 1;
  private static final String PAPER = "Howard et al. 2017, \"MobileNets\", table 1";
  private static final Kernel FILTER = Kernel.same(3);
  private static final Kernel POINT = Kernel.of(1);
  private static final int STEM_CHANNELS = 32;
  private static final LayerDefaults STYLE =
      LayerDefaults.of(Activation.RELU, WeightInitializers.HE);

  /** Output channels and stride of each pair of convolutions. */
  private static final int[][] PAIRS = {
    {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1},
    {512, 1}, {512, 1}, {1024, 2}, {1024, 1}
  };

  private MobileNetV1() {}

  public static List<NetworkDefinition> family() {
    List<NetworkDefinition> family = new ArrayList<>();
    for (String width : new String[] {"1", "0.75", "0.5", "0.25"}) {
      family.add(
          new NetworkDefinition(
              width.equals("1") ? "mobilenet-v1" : "mobilenet-v1-" + width,
              PAPER,
              USUAL_INPUT,
              USUAL_CLASSES,
              SMALLEST_SIDE,
              (input, classes) ->
                  build(Double.parseDouble(width), new NetworkBuilder(input, STYLE), classes)));
    }
    return family;
  }

  private static NetworkGraph build(double width, NetworkBuilder builder, int classes) {
    String last =
        builder.convolutionNormActivation(
            "stem", Heads.INPUT, FILTER.stride(2), (int) (STEM_CHANNELS * width));
    for (int i = 0; i < PAIRS.length; i++) {
      String name = "pair" + (i + 1);
      int maps = (int) (PAIRS[i][0] * width);
      last = builder.depthwiseNormActivation(name + "-depthwise", last, FILTER.stride(PAIRS[i][1]));
      last = builder.convolutionNormActivation(name + "-point", last, POINT, maps);
    }
    last = builder.globalAverage("pool", last);
    return builder.build(Heads.classifier(builder, last, classes, WeightInitializers.HE));
  }
}
