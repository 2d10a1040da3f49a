// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.pspnet;

import java.util.ArrayList;
import java.util.List;
import org.bellows.models.fcn.FcnResNet;
import org.bellows.models.graph.Decoders;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.AdaptiveAverage;
import org.bellows.models.layer.Interpolation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.network.AllowedSides;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.resnet.ResNetBackbone;
import org.bellows.models.resnet.StageDilation;

/**
 * Zhao, Shi, Qi, Wang, Jia, "Pyramid Scene Parsing Network", 2017, figure 3.
 *
 * <pre>
 * stage     layers                                                   output (473x473 input)
 * stages    residual network, the last two dilated, output stride 8  2048 x 60 x 60
 * pyramid   means over 1, 2, 3 and 6 bins a side; each 1x1 to a
 *           quarter of the channels, BatchNorm, ReLU, bilinear back  4 x 512 x 60 x 60
 * head      all beside the map; 3x3 to 512, BatchNorm, ReLU,
 *           dropout of a tenth; 1x1; bilinear to the image's size    classes x 473 x 473
 * </pre>
 *
 * <p>The auxiliary head on the third stage counts 0.4 (section 3.3). Interpolation keeps the
 * corners, so that sides of 8 k + 1 pixels fit best. Deviation: the stem is the classifier's 7x7
 * convolution, so that a run can start from its weights; the authors' is three 3x3 convolutions
 * (46.7 million parameters instead of 46.6).
 */
public final class PspNet {
  private static final String PAPER = "Zhao et al. 2017, \"PSPNet\", figure 3";
  private static final InputShape USUAL_INPUT = new InputShape(3, 473, 473);
  private static final int USUAL_CLASSES = 21;
  private static final int[] BINS = {1, 2, 3, 6};
  private static final int HEAD_MAPS = 512;
  private static final double DROPOUT = 0.1;
  private static final double AUXILIARY_WEIGHT = 0.4;
  private static final Kernel POINT = Kernel.of(1);
  private static final StageDilation DILATION = new StageDilation(2, List.of(), true);
  private static final LayerDefaults LINEAR =
      LayerDefaults.of(Activation.IDENTITY, WeightInitializers.HE);

  private PspNet() {}

  /** All of them. */
  public static List<NetworkDefinition> family() {
    return List.of(definition(50), definition(101));
  }

  private static NetworkDefinition definition(int depth) {
    ResNetBackbone backbone = ResNetBackbone.of(depth).dilated(DILATION);
    return new NetworkDefinition(
        "pspnet-resnet" + depth,
        PAPER,
        USUAL_INPUT,
        USUAL_CLASSES,
        AllowedSides.from(1),
        (input, classes) ->
            build(backbone, new NetworkBuilder(input, ResNetBackbone.DEFAULTS), classes));
  }

  private static NetworkGraph build(ResNetBackbone backbone, NetworkBuilder builder, int classes) {
    List<String> stages = backbone.stages(builder);
    String map = stages.get(3);
    List<String> levels = new ArrayList<>(List.of(map));
    int maps = builder.channels(map) / BINS.length;
    for (int bins : BINS) {
      String name = "pyramid" + bins;
      String level = builder.layer(name + "-pool", new AdaptiveAverage(bins), map);
      level = builder.convolutionNormActivation(name, level, POINT, maps);
      levels.add(
          Decoders.resize(builder, name + "-up", level, Interpolation.BILINEAR_ALIGNED, map));
    }
    String last = builder.merge("pyramid", levels.toArray(String[]::new));
    last = builder.convolutionNormActivation("head-conv", last, Kernel.same(3), HEAD_MAPS);
    last = builder.dropout("head-dropout", last, DROPOUT);
    last = builder.convolution("head-logits", last, POINT, classes, LINEAR);
    last = Decoders.resize(builder, "head-up", last, Interpolation.BILINEAR_ALIGNED, Heads.INPUT);
    String output = Heads.pixels(builder, last, LabelFit.CENTRE);
    String auxiliary =
        FcnResNet.auxiliary(
            builder, stages.get(2), classes, Interpolation.BILINEAR_ALIGNED, AUXILIARY_WEIGHT);
    return builder.build(List.of(output, auxiliary));
  }
}
