// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.xception;

import java.util.List;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;

/**
 * The aligned Xception-65 (Chollet 2017, "Xception", changed by Chen et al. 2018, "DeepLab v3+",
 * figure 4), at output stride 16.
 *
 * <pre>
 * stage     layers (sep: 3x3 depthwise, BatchNorm, ReLU, 1x1, BatchNorm)        output stride
 * stem      3x3 /2 to 32, 3x3 to 64, each with BatchNorm, ReLU                   2
 * entry1    sep 128, 128, 128 /2; + 1x1 /2                                       4
 * entry2    sep 256, 256, 256 /2; + 1x1 /2                                       8
 * entry3    sep 728, 728, 728 /2; + 1x1 /2                                      16
 * middle    16 times sep 728, 728, 728; + the input                             16
 * exit1     sep 728, 1024, 1024; + 1x1                                          16
 * exit2     sep, rate 2, 1536, 1536, 2048, ReLU behind each                     16
 * </pre>
 *
 * <p>A ReLU stands before each sep of a block with a shortcut, as in Chollet's. He initialisation.
 */
public final class Xception {
  /** Activation and initial weights of all layers; BatchNorm's epsilon is the authors'. */
  public static final LayerDefaults DEFAULTS =
      LayerDefaults.of(Activation.RELU, WeightInitializers.HE).normalisation(1e-3, 0.9);

  private static final Kernel FILTER = Kernel.same(3);
  private static final Kernel RATE_2 = Kernel.of(3).padding(2).dilation(2);
  private static final Kernel POINT = Kernel.of(1);
  private static final int MIDDLE_BLOCKS = 16;

  private Xception() {}

  /**
   * Vertices that a head reads.
   *
   * @param quarter 256 maps at a quarter of the image's sides
   * @param last 2048 maps at a sixteenth
   */
  public record Maps(String quarter, String last) {}

  /**
   * Adds all layers.
   *
   * @param builder whose defaults are {@link #DEFAULTS}
   */
  public static Maps maps(NetworkBuilder builder) {
    String last = builder.convolutionNormActivation("stem-a", Heads.INPUT, FILTER.stride(2), 32);
    last = builder.convolutionNormActivation("stem-b", last, FILTER, 64);
    last = block(builder, "entry1", last, List.of(128, 128, 128), 2);
    last = block(builder, "entry2", last, List.of(256, 256, 256), 2);
    last = block(builder, "entry3", last, List.of(728, 728, 728), 2);
    for (int i = 1; i <= MIDDLE_BLOCKS; i++) {
      last = block(builder, "middle" + i, last, List.of(728, 728, 728), 1);
    }
    last = block(builder, "exit1", last, List.of(728, 1024, 1024), 1);
    int step = 0;
    for (int maps : new int[] {1536, 1536, 2048}) {
      String name = "exit2-" + "abc".charAt(step++);
      last = builder.activation(name + "-act", separable(builder, name, last, RATE_2, maps));
    }
    return new Maps("entry2-b-norm", last);
  }

  /** Three separable convolutions, the last one with the stride, and a shortcut. */
  private static String block(
      NetworkBuilder builder, String name, String from, List<Integer> maps, int stride) {
    String inner = from;
    for (int i = 0; i < maps.size(); i++) {
      String step = name + "-" + "abc".charAt(i);
      inner = builder.activation(step + "-before", inner);
      Kernel kernel = i == maps.size() - 1 ? FILTER.stride(stride) : FILTER;
      inner = separable(builder, step, inner, kernel, maps.get(i));
    }
    int out = maps.get(maps.size() - 1);
    String shortcut =
        builder.channels(from) == out && stride == 1
            ? from
            : builder.convolutionNorm(name + "-shortcut", from, POINT.stride(stride), out);
    return builder.add(name + "-add", inner, shortcut);
  }

  private static String separable(
      NetworkBuilder builder, String name, String from, Kernel kernel, int maps) {
    String depthwise = builder.depthwiseNormActivation(name + "-depthwise", from, kernel);
    return builder.convolutionNorm(name, depthwise, POINT, maps);
  }
}
