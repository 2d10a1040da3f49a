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
import org.bellows.models.network.NetworkDefinition;

/**
 * The residual networks for ImageNet and their plain counterparts: He, Zhang, Ren, Sun, "Deep
 * Residual Learning for Image Recognition", 2015, table 1.
 *
 * <pre>
 * stage   layers                                output (224x224 input)
 * stem    7x7 /2, 64; max pool 3x3 /2            64 x 56 x 56
 * one     64 channels                            64 x 56 x 56  (bottleneck:  256)
 * two     128, first /2                         128 x 28 x 28  (bottleneck:  512)
 * three   256, first /2                         256 x 14 x 14  (bottleneck: 1024)
 * four    512, first /2                         512 x  7 x  7  (bottleneck: 2048)
 * output  average, dense                        classes
 *
 * blocks of 18: 2 2 2 2; 34: 3 4 6 3; 50: 3 4 6 3; 101: 3 4 23 3; 152: 3 8 36 3
 * block of 18, 34:        3x3, BN, ReLU, 3x3, BN, + shortcut, ReLU
 * bottleneck of 50 to 152: 1x1, BN, ReLU, 3x3, BN, ReLU, 1x1 four times as wide, BN, + shortcut, ReLU
 * </pre>
 *
 * <p>Shortcuts are identities, and 1x1 convolutions with BatchNorm where the shape changes (option
 * B). He initialisation; convolutions have no bias, BatchNorm follows each. The plain networks
 * leave the shortcuts out.
 *
 * <p>Deviation: a bottleneck halves the map in its 3x3 convolution, the paper in its first 1x1
 * (Goyal et al. 2017, section 5.1, and torchvision do as here). The {@code -zero-gamma} forms start
 * as Goyal et al. 2017, section 5.1, do: gamma = 0 in the last BatchNorm of each block, so that
 * each block starts as its shortcut, and the dense layer from N(0, 0.01^2); nothing else differs.
 */
public final class ResNet {
  private static final InputShape USUAL_INPUT = new InputShape(3, 224, 224);
  private static final int USUAL_CLASSES = 1000;

  /** Each halving rounds up and is padded: a pixel stays a pixel. */
  private static final int SMALLEST_SIDE = 1;

  private static final String PAPER = "He et al. 2015, \"Deep Residual Learning\", table 1";
  private static final int[] STAGE_CHANNELS = {64, 128, 256, 512};
  private static final int EXPANSION = 4;
  private static final Kernel POINT = Kernel.of(1);
  private static final Kernel FILTER = Kernel.same(3);
  private static final LayerDefaults STYLE =
      LayerDefaults.of(Activation.RELU, WeightInitializers.HE);

  private ResNet() {}

  /**
   * @param blocks of the four stages
   * @param gamma where the scale of a block's last BatchNorm starts
   */
  private record Form(int[] blocks, boolean bottleneck, boolean shortcuts, double gamma) {
    int expansion() {
      return bottleneck ? EXPANSION : 1;
    }

    WeightInitializers output() {
      return gamma == 0 ? WeightInitializers.gaussian(0.01) : WeightInitializers.HE;
    }
  }

  public static List<NetworkDefinition> family() {
    List<NetworkDefinition> family = new ArrayList<>();
    family.add(definition("plain18", new Form(blocks(18), false, false, 1)));
    family.add(definition("plain34", new Form(blocks(34), false, false, 1)));
    for (int depth : new int[] {18, 34, 50, 101, 152}) {
      family.add(definition("resnet" + depth, residual(depth, 1)));
    }
    for (int depth : new int[] {18, 34, 50, 101, 152}) {
      family.add(definition("resnet" + depth + "-zero-gamma", residual(depth, 0)));
    }
    return family;
  }

  private static Form residual(int depth, double gamma) {
    return new Form(blocks(depth), depth >= 50, true, gamma);
  }

  static int[] blocks(int depth) {
    return switch (depth) {
      case 18 -> new int[] {2, 2, 2, 2};
      case 34, 50 -> new int[] {3, 4, 6, 3};
      case 101 -> new int[] {3, 4, 23, 3};
      case 152 -> new int[] {3, 8, 36, 3};
      default -> throw new IllegalArgumentException("table 1 has no depth " + depth);
    };
  }

  private static NetworkDefinition definition(String name, Form form) {
    return new NetworkDefinition(
        name,
        PAPER,
        USUAL_INPUT,
        USUAL_CLASSES,
        SMALLEST_SIDE,
        (input, classes) -> build(form, new NetworkBuilder(input, STYLE), classes));
  }

  private static NetworkGraph build(Form form, NetworkBuilder builder, int classes) {
    Kernel stem = Kernel.same(7).stride(2);
    String last = builder.convolutionNormActivation("stem", Heads.INPUT, stem, STAGE_CHANNELS[0]);
    last = builder.maxPool("stem-pool", last, FILTER.stride(2));
    for (int stage = 0; stage < STAGE_CHANNELS.length; stage++) {
      for (int block = 0; block < form.blocks()[stage]; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        String name = "stage%d-block%d".formatted(stage + 1, block + 1);
        last = block(form, builder, name, last, STAGE_CHANNELS[stage], stride);
      }
    }
    last = builder.globalAverage("pool", last);
    return builder.build(Heads.classifier(builder, last, classes, form.output()));
  }

  private static String block(
      Form form, NetworkBuilder builder, String name, String from, int channels, int stride) {
    String inner;
    if (form.bottleneck()) {
      inner = builder.convolutionNormActivation(name + "-a", from, POINT, channels);
      inner =
          builder.convolutionNormActivation(name + "-b", inner, FILTER.stride(stride), channels);
      inner =
          builder.convolutionNorm(name + "-c", inner, POINT, channels * EXPANSION, form.gamma());
    } else {
      inner = builder.convolutionNormActivation(name + "-a", from, FILTER.stride(stride), channels);
      inner = builder.convolutionNorm(name + "-b", inner, FILTER, channels, form.gamma());
    }
    if (form.shortcuts()) {
      int out = channels * form.expansion();
      boolean same = stride == 1 && builder.channels(from) == out;
      String shortcut =
          same
              ? from
              : builder.convolutionNorm(name + "-shortcut", from, POINT.stride(stride), out);
      inner = builder.add(name + "-add", inner, shortcut);
    }
    return builder.activation(name + "-act", inner);
  }
}
