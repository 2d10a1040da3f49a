// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.resnet;

import java.util.ArrayList;
import java.util.List;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
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
  private static final int[] DEPTHS = {18, 34, 50, 101, 152};

  private ResNet() {}

  public static List<NetworkDefinition> family() {
    List<NetworkDefinition> family = new ArrayList<>();
    family.add(definition("plain18", plain(18)));
    family.add(definition("plain34", plain(34)));
    for (int depth : DEPTHS) {
      family.add(definition("resnet" + depth, ResNetBackbone.of(depth)));
    }
    for (int depth : DEPTHS) {
      family.add(definition("resnet" + depth + "-zero-gamma", zeroGamma(depth)));
    }
    return family;
  }

  private static ResNetBackbone plain(int depth) {
    return new ResNetBackbone(
        ResNetBackbone.of(depth).blocks(), false, false, 1, StageDilation.NONE);
  }

  private static ResNetBackbone zeroGamma(int depth) {
    ResNetBackbone usual = ResNetBackbone.of(depth);
    return new ResNetBackbone(usual.blocks(), usual.isBottleneck(), true, 0, usual.dilation());
  }

  private static NetworkDefinition definition(String name, ResNetBackbone backbone) {
    return new NetworkDefinition(
        name,
        PAPER,
        USUAL_INPUT,
        USUAL_CLASSES,
        SMALLEST_SIDE,
        (input, classes) ->
            build(backbone, new NetworkBuilder(input, ResNetBackbone.DEFAULTS), classes));
  }

  private static NetworkGraph build(ResNetBackbone backbone, NetworkBuilder builder, int classes) {
    List<String> stages = backbone.stages(builder);
    String last = builder.globalAverage("pool", stages.get(stages.size() - 1));
    WeightInitializers output =
        backbone.gamma() == 0 ? WeightInitializers.gaussian(0.01) : WeightInitializers.HE;
    return builder.build(Heads.classifier(builder, last, classes, output));
  }
}
