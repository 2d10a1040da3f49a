// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.resnet;

import java.util.ArrayList;
import java.util.List;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;

/**
 * Stem and four stages of a residual network (He et al. 2015, table 1), for classifiers and for
 * networks that answer for each pixel. Layers have the same names and parameters whatever the
 * dilation is, so that one network can start from the other's weights.
 *
 * @param blocks of the four stages
 * @param isBottleneck whether a block has three convolutions, else two
 * @param hasShortcuts whether there are shortcuts; without them the network is a plain one
 * @param gamma where the scale of a block's last BatchNorm starts
 * @param dilation what takes the place of strides
 */
public record ResNetBackbone(
    List<Integer> blocks,
    boolean isBottleneck,
    boolean hasShortcuts,
    double gamma,
    StageDilation dilation) {
  /** Activation and initial weights of all layers. */
  public static final LayerDefaults DEFAULTS =
      LayerDefaults.of(Activation.RELU, WeightInitializers.HE);

  private static final int[] STAGE_CHANNELS = {64, 128, 256, 512};
  private static final int EXPANSION = 4;
  private static final Kernel POINT = Kernel.of(1);
  private static final Kernel FILTER = Kernel.same(3);

  /** The residual network of a depth, as table 1 has it: 18, 34, 50, 101 or 152 layers. */
  public static ResNetBackbone of(int depth) {
    return new ResNetBackbone(blocks(depth), depth >= 50, true, 1, StageDilation.NONE);
  }

  /** The same blocks with dilated convolutions. */
  public ResNetBackbone dilated(StageDilation other) {
    return new ResNetBackbone(blocks, isBottleneck, hasShortcuts, gamma, other);
  }

  private static List<Integer> blocks(int depth) {
    return switch (depth) {
      case 18 -> List.of(2, 2, 2, 2);
      case 34, 50 -> List.of(3, 4, 6, 3);
      case 101 -> List.of(3, 4, 23, 3);
      case 152 -> List.of(3, 8, 36, 3);
      default -> throw new IllegalArgumentException("table 1 has no depth " + depth);
    };
  }

  /**
   * Adds stem and stages.
   *
   * @return the last vertex of each stage
   */
  public List<String> stages(NetworkBuilder builder) {
    Kernel stem = Kernel.same(7).stride(2);
    String last = builder.convolutionNormActivation("stem", Heads.INPUT, stem, STAGE_CHANNELS[0]);
    last = builder.maxPool("stem-pool", last, FILTER.stride(2));
    List<String> stages = new ArrayList<>();
    for (int stage = 0; stage < STAGE_CHANNELS.length; stage++) {
      for (int block = 0; block < blocks.get(stage); block++) {
        String name = "stage%d-block%d".formatted(stage + 1, block + 1);
        int stride = stage > 0 && block == 0 && !dilation.isDilated(stage) ? 2 : 1;
        Kernel filter = dilation.filter(stage, block).stride(stride);
        last = block(builder, name, last, STAGE_CHANNELS[stage], filter);
      }
      stages.add(last);
    }
    return stages;
  }

  private String block(
      NetworkBuilder builder, String name, String from, int channels, Kernel filter) {
    String inner;
    if (isBottleneck) {
      inner = builder.convolutionNormActivation(name + "-a", from, POINT, channels);
      inner = builder.convolutionNormActivation(name + "-b", inner, filter, channels);
      inner = builder.convolutionNorm(name + "-c", inner, POINT, channels * EXPANSION, gamma);
    } else {
      inner = builder.convolutionNormActivation(name + "-a", from, filter, channels);
      inner = builder.convolutionNorm(name + "-b", inner, filter.stride(1), channels, gamma);
    }
    if (hasShortcuts) {
      int out = isBottleneck ? channels * EXPANSION : channels;
      int stride = filter.stride();
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
