// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.resnet;

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
import org.bellows.models.layer.Scale;
import org.bellows.models.network.NetworkDefinition;

/**
 * The residual networks for CIFAR-10 of He, Zhang, Ren, Sun, "Deep Residual Learning for Image
 * Recognition", 2015, section 4.2: depth 6n + 2, identity shortcuts everywhere (option A: where the
 * map shrinks every second pixel is taken and the new channels are zero).
 *
 * <pre>
 * stage   layers            output (32x32 input)
 * stem    3x3, 16           16 x 32 x 32
 * one     n blocks, 16      16 x 32 x 32
 * two     n blocks, 32 /2   32 x 16 x 16
 * three   n blocks, 64 /2   64 x  8 x  8
 * output  average, dense    classes
 * block   3x3, BN, ReLU, 3x3, BN, + shortcut, ReLU
 * </pre>
 *
 * <p>He initialisation; convolutions have no bias, BatchNorm follows each. Deviation: the zero
 * channels come after the shortcut's own (the paper does not say where).
 */
public final class CifarResNet {
  private static final InputShape USUAL_INPUT = new InputShape(3, 32, 32);
  private static final int USUAL_CLASSES = 10;

  /** Each halving rounds up: a pixel stays a pixel. */
  private static final int SMALLEST_SIDE = 1;

  static final int[] DEPTHS = {20, 32, 44, 56, 110};
  static final int[] STAGE_CHANNELS = {16, 32, 64};
  private static final Kernel FILTER = Kernel.same(3);
  private static final LayerDefaults STYLE =
      LayerDefaults.of(Activation.RELU, WeightInitializers.HE);
  private static final String PAPER = "He et al. 2015, \"Deep Residual Learning\", section 4.2";

  private CifarResNet() {}

  public static List<NetworkDefinition> family() {
    List<NetworkDefinition> family = new ArrayList<>();
    for (int depth : DEPTHS) {
      int blocks = (depth - 2) / 6;
      family.add(
          new NetworkDefinition(
              "resnet" + depth + "-cifar",
              PAPER,
              USUAL_INPUT,
              USUAL_CLASSES,
              SMALLEST_SIDE,
              (input, classes) -> build(blocks, input, classes)));
    }
    return family;
  }

  private static NetworkGraph build(int blocks, InputShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input, STYLE);
    String last = builder.convolutionNorm("stem", Heads.INPUT, FILTER, STAGE_CHANNELS[0]);
    last = builder.activation("stem-relu", last);
    for (int stage = 0; stage < STAGE_CHANNELS.length; stage++) {
      for (int block = 0; block < blocks; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        String name = "stage%d-block%d".formatted(stage + 1, block + 1);
        last = block(builder, name, last, STAGE_CHANNELS[stage], stride);
      }
    }
    last = builder.globalAverage("pool", last);
    return builder.build(Heads.classifier(builder, last, classes, WeightInitializers.HE));
  }

  private static String block(
      NetworkBuilder builder, String name, String from, int channels, int stride) {
    String shortcut = stride == 1 ? from : shrink(builder, name, from);
    String inner = builder.convolutionNorm(name + "-a", from, FILTER.stride(stride), channels);
    inner = builder.activation(name + "-a-relu", inner);
    inner = builder.convolutionNorm(name + "-b", inner, FILTER, channels);
    return builder.activation(name + "-relu", builder.add(name + "-add", inner, shortcut));
  }

  /** Every second pixel, twice the channels, the new ones zero. */
  private static String shrink(NetworkBuilder builder, String name, String from) {
    String kept = builder.maxPool(name + "-every-second", from, Kernel.of(1).stride(2));
    String zero = builder.layer(name + "-zero", new Scale(0), kept);
    return builder.merge(name + "-shortcut", kept, zero);
  }
}
