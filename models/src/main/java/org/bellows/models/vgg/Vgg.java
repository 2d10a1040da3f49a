// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.vgg;

import java.util.ArrayList;
import java.util.Arrays;
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
 * The networks A, B, D and E of Simonyan and Zisserman, "Very Deep Convolutional Networks for
 * Large-Scale Image Recognition", 2014, table 1: 3x3 convolutions, padded by 1, in five stages, a
 * max pool 2x2 /2 after each.
 *
 * <pre>
 * stage   maps  convolutions of 11, 13, 16, 19   output (224x224 input)
 * one       64          1,  2,  2,  2             64 x 112 x 112
 * two      128          1,  2,  2,  2            128 x  56 x  56
 * three    256          2,  2,  3,  4            256 x  28 x  28
 * four     512          2,  2,  3,  4            512 x  14 x  14
 * five     512          2,  2,  3,  4            512 x   7 x   7
 * fc6, fc7 dense, ReLU, dropout of one half      4096
 * output   dense                                 classes
 * </pre>
 *
 * <p>Glorot and Bengio's initialisation, which the paper's section 3.1 names as the one that needs
 * no pre-training. The {@code -bn} forms have BatchNorm between convolution and ReLU, the
 * convolutions keep their biases, as in torchvision. Other input sizes make fc6 larger or smaller.
 */
public final class Vgg {
  /** Activation and initial weights of all layers. */
  public static final LayerDefaults DEFAULTS =
      LayerDefaults.of(Activation.RELU, WeightInitializers.XAVIER_UNIFORM);

  private static final InputShape USUAL_INPUT = new InputShape(3, 224, 224);
  private static final int USUAL_CLASSES = 1000;

  /** Five halvings must leave a pixel or more. */
  private static final int SMALLEST_SIDE = 32;

  private static final String PAPER = "Simonyan and Zisserman 2014, table 1";
  private static final int[] STAGE_CHANNELS = {64, 128, 256, 512, 512};
  private static final int UNITS = 4096;
  private static final double DROPOUT = 0.5;
  private static final Kernel FILTER = Kernel.same(3);
  private static final Kernel POOL = Kernel.of(2).stride(2);
  private static final LayerDefaults LINEAR =
      LayerDefaults.of(Activation.IDENTITY, WeightInitializers.XAVIER_UNIFORM);

  static final int[] DEPTHS = {11, 13, 16, 19};

  private Vgg() {}

  private record Form(int[] convolutions, boolean normalised) {}

  public static List<NetworkDefinition> family() {
    List<NetworkDefinition> family = new ArrayList<>();
    for (boolean normalised : new boolean[] {false, true}) {
      for (int depth : DEPTHS) {
        family.add(definition(depth, new Form(convolutions(depth), normalised)));
      }
    }
    return family;
  }

  /** Maps of the five stages. */
  public static List<Integer> stageChannels() {
    return Arrays.stream(STAGE_CHANNELS).boxed().toList();
  }

  /** Convolutions of the five stages of a network with 11, 13, 16 or 19 layers. */
  public static int[] convolutions(int depth) {
    return switch (depth) {
      case 11 -> new int[] {1, 1, 2, 2, 2};
      case 13 -> new int[] {2, 2, 2, 2, 2};
      case 16 -> new int[] {2, 2, 3, 3, 3};
      case 19 -> new int[] {2, 2, 4, 4, 4};
      default -> throw new IllegalArgumentException("table 1 has no depth " + depth);
    };
  }

  private static NetworkDefinition definition(int depth, Form form) {
    return new NetworkDefinition(
        "vgg" + depth + (form.normalised() ? "-bn" : ""),
        PAPER,
        USUAL_INPUT,
        USUAL_CLASSES,
        SMALLEST_SIDE,
        (input, classes) -> build(form, new NetworkBuilder(input, DEFAULTS), classes));
  }

  private static NetworkGraph build(Form form, NetworkBuilder builder, int classes) {
    String last = Heads.INPUT;
    for (int stage = 0; stage < STAGE_CHANNELS.length; stage++) {
      for (int i = 0; i < form.convolutions()[stage]; i++) {
        String name = "conv%d-%d".formatted(stage + 1, i + 1);
        last = convolution(builder, form.normalised(), name, last, FILTER, STAGE_CHANNELS[stage]);
      }
      last = builder.maxPool("pool" + (stage + 1), last, POOL);
    }
    for (String name : new String[] {"fc6", "fc7"}) {
      last = builder.dropout(name + "-dropout", builder.dense(name, last, UNITS), DROPOUT);
    }
    return builder.build(
        Heads.classifier(builder, last, classes, WeightInitializers.XAVIER_UNIFORM));
  }

  /**
   * A convolution with bias and ReLU, and BatchNorm between them where it is wanted.
   *
   * @param builder whose defaults are {@link #DEFAULTS}
   */
  public static String convolution(
      NetworkBuilder builder,
      boolean normalised,
      String name,
      String from,
      Kernel kernel,
      int maps) {
    if (!normalised) {
      return builder.convolution(name, from, kernel, maps);
    }
    String linear = builder.convolution(name, from, kernel, maps, LINEAR);
    return builder.activation(name + "-act", builder.norm(name + "-norm", linear, 1));
  }
}
