// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.segnet;

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
import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.layer.Unpool;
import org.bellows.models.network.AllowedSides;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.vgg.Vgg;

/**
 * Badrinarayanan, Kendall, Cipolla, "SegNet: A Deep Convolutional Encoder-Decoder Architecture for
 * Image Segmentation", 2017, figure 2, as the authors' published definitions have it.
 *
 * <pre>
 * segnet                                                          maps
 * conv1 .. 5     VGG16's 3x3 convolutions with BatchNorm, ReLU,
 *                each stage with a max pool 2x2 /2                64, 128, 256, 512, 512
 * up5 .. up1     unpooling by the places of the maxima, 3x3
 *                convolutions with BatchNorm, ReLU, as many as
 *                on the way down                                  512, 256, 128, 64, 64
 * output         the last convolution of up1: no BatchNorm,
 *                no ReLU                                          classes
 *
 * segnet-basic
 * norm           response normalisation of the image
 * conv1 .. 4     7x7 convolution, BatchNorm, ReLU, max 2x2 /2     64
 * up4 .. 1       unpooling, 7x7 convolution, BatchNorm            64
 * output         1x1 convolution                                  classes
 * </pre>
 *
 * <p>Convolutions keep their biases before BatchNorm. Pools round an odd side up, as Caffe's do; an
 * unpooled map has the size that its pool saw. He initialisation. Deviation: BatchNorm's shifts
 * start at 0, the authors' at 0.001.
 */
public final class SegNet {
  private static final String PAPER = "Badrinarayanan et al. 2017, \"SegNet\", figure 2";
  private static final InputShape USUAL_INPUT = new InputShape(3, 360, 480);
  private static final int USUAL_CLASSES = 11;
  private static final int DEPTH = 16;
  private static final int BASIC_MAPS = 64;
  private static final int BASIC_LEVELS = 4;

  /** Caffe divides its 1e-4 by the five channels of a window. */
  private static final double ALPHA = 2e-5;

  private static final Kernel FILTER = Kernel.same(3);
  private static final Kernel WIDE = Kernel.same(7);
  private static final Pool POOL = new Pool(PoolingType.MAX, Kernel.of(2).stride(2), true);
  private static final LayerDefaults DEFAULTS =
      LayerDefaults.of(Activation.RELU, WeightInitializers.HE);
  private static final LayerDefaults LINEAR =
      LayerDefaults.of(Activation.IDENTITY, WeightInitializers.HE);

  private SegNet() {}

  /** Both. */
  public static List<NetworkDefinition> family() {
    return List.of(definition("segnet", SegNet::deep), definition("segnet-basic", SegNet::basic));
  }

  private static NetworkDefinition definition(String name, NetworkDefinition.Builder builder) {
    return new NetworkDefinition(
        name, PAPER, USUAL_INPUT, USUAL_CLASSES, AllowedSides.from(1), builder);
  }

  private static NetworkGraph deep(InputShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input, DEFAULTS);
    List<Integer> maps = Vgg.stageChannels();
    int[] convolutions = Vgg.convolutions(DEPTH);
    List<String> pooled = new ArrayList<>();
    String last = Heads.INPUT;
    for (int stage = 1; stage <= maps.size(); stage++) {
      for (int i = 1; i <= convolutions[stage - 1]; i++) {
        String name = "conv%d-%d".formatted(stage, i);
        last = normalised(builder, name, last, FILTER, maps.get(stage - 1), true);
      }
      pooled.add(last);
      last = builder.layer("pool" + stage, POOL, last);
    }
    for (int stage = maps.size(); stage >= 1; stage--) {
      last = unpool(builder, stage, last, pooled);
      for (int i = 1; i <= convolutions[stage - 1]; i++) {
        String name = "up%d-%d".formatted(stage, i);
        boolean isLast = i == convolutions[stage - 1];
        if (isLast && stage == 1) {
          last = builder.convolution("score", last, FILTER, classes, LINEAR);
        } else {
          int out = maps.get(isLast ? stage - 2 : stage - 1);
          last = normalised(builder, name, last, FILTER, out, true);
        }
      }
    }
    return builder.build(Heads.pixels(builder, last, LabelFit.CENTRE));
  }

  private static NetworkGraph basic(InputShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input, DEFAULTS);
    String last = builder.responseNorm("norm", Heads.INPUT, 1, ALPHA);
    List<String> pooled = new ArrayList<>();
    for (int level = 1; level <= BASIC_LEVELS; level++) {
      last = normalised(builder, "conv" + level, last, WIDE, BASIC_MAPS, true);
      pooled.add(last);
      last = builder.layer("pool" + level, POOL, last);
    }
    for (int level = BASIC_LEVELS; level >= 1; level--) {
      last = unpool(builder, level, last, pooled);
      last = normalised(builder, "up" + level, last, WIDE, BASIC_MAPS, false);
    }
    last = builder.convolution("score", last, Kernel.of(1), classes, LINEAR);
    return builder.build(Heads.pixels(builder, last, LabelFit.CENTRE));
  }

  private static String unpool(
      NetworkBuilder builder, int level, String from, List<String> pooled) {
    return builder.layer("unpool" + level, new Unpool(POOL), from, pooled.get(level - 1));
  }

  private static String normalised(
      NetworkBuilder builder, String name, String from, Kernel kernel, int maps, boolean relu) {
    String linear = builder.convolution(name, from, kernel, maps, LINEAR);
    String norm = builder.norm(name + "-norm", linear, 1);
    return relu ? builder.activation(name + "-act", norm) : norm;
  }
}
