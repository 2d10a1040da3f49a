// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.deeplab;

import java.util.ArrayList;
import java.util.List;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.network.AllowedSides;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.resnet.ResNetBackbone;
import org.bellows.models.resnet.StageDilation;
import org.bellows.models.vgg.Vgg;

/**
 * Chen, Papandreou, Kokkinos, Murphy, Yuille, "DeepLab: Semantic Image Segmentation with Deep
 * Convolutional Nets, Atrous Convolution, and Fully Connected CRFs", 2018, sections 3.1 and 3.2:
 * atrous spatial pyramid pooling, branches of rates 6, 12, 18 and 24 whose scores are added up.
 *
 * <pre>
 * network                 up to the branches                      a branch
 * deeplab-v2-vgg16        VGG16's convolutions, output stride 8   3x3 to 1024, 1x1 to 1024 (ReLU,
 *                                                                 dropout of one half), 1x1 to classes
 * deeplab-v2-resnet101    residual network, output stride 8       3x3 to classes
 * </pre>
 *
 * <p>Trained at an eighth of the image's sides, as version 1. The residual network's BatchNorms
 * keep their statistics, as the authors' did: start it from a classifier. Deviations: no heads at
 * other scales of the image; a bottleneck halves the map in its 3x3 convolution.
 */
public final class DeepLabV2 {
  private static final String PAPER = "Chen et al. 2018, \"DeepLab\", section 3";
  private static final InputShape USUAL_INPUT = new InputShape(3, 321, 321);
  private static final int USUAL_CLASSES = 21;
  private static final int[] RATES = {6, 12, 18, 24};
  private static final int MAPS = 1024;
  private static final double DROPOUT = 0.5;
  private static final Kernel POINT = Kernel.of(1);
  private static final StageDilation DILATION = new StageDilation(2, List.of(), true);
  private static final LayerDefaults SCORE =
      LayerDefaults.of(Activation.IDENTITY, WeightInitializers.gaussian(0.01));

  private DeepLabV2() {}

  /** Both. */
  public static List<NetworkDefinition> family() {
    return List.of(
        definition("deeplab-v2-vgg16", DeepLabV2::vgg),
        definition("deeplab-v2-resnet101", DeepLabV2::resNet));
  }

  private static NetworkDefinition definition(String name, NetworkDefinition.Builder builder) {
    return new NetworkDefinition(
        name, PAPER, USUAL_INPUT, USUAL_CLASSES, AllowedSides.from(1), builder);
  }

  private static NetworkGraph vgg(InputShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input, Vgg.DEFAULTS);
    String pool5 = DilatedVgg.pool5(builder);
    List<String> scores = new ArrayList<>();
    for (int rate : RATES) {
      String name = "rate" + rate;
      String last = builder.convolution(name + "-fc6", pool5, DilatedVgg.dilated(3, rate), MAPS);
      last = builder.dropout(name + "-fc6-dropout", last, DROPOUT);
      last = builder.convolution(name + "-fc7", last, POINT, MAPS);
      last = builder.dropout(name + "-fc7-dropout", last, DROPOUT);
      scores.add(builder.convolution(name + "-score", last, POINT, classes, SCORE));
    }
    return build(builder, scores);
  }

  private static NetworkGraph resNet(InputShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input, ResNetBackbone.DEFAULTS);
    String map = ResNetBackbone.of(101).dilated(DILATION).stages(builder).get(3);
    List<String> scores = new ArrayList<>();
    for (int rate : RATES) {
      Kernel kernel = DilatedVgg.dilated(3, rate);
      scores.add(builder.convolution("rate%d-score".formatted(rate), map, kernel, classes, SCORE));
    }
    return build(builder, scores)
        .withLayers(layer -> layer instanceof BatchNorm norm ? norm.frozen() : layer);
  }

  private static NetworkGraph build(NetworkBuilder builder, List<String> scores) {
    String sum = builder.add("scores", scores.toArray(String[]::new));
    return builder.build(Heads.pixels(builder, sum, LabelFit.SHRINK));
  }
}
