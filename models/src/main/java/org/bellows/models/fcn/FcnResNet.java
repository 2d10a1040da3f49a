// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.fcn;

import java.util.List;
import org.bellows.models.graph.Decoders;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Interpolation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.network.AllowedSides;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.resnet.ResNetBackbone;
import org.bellows.models.resnet.StageDilation;

/**
 * torchvision's fcn_resnet50 and fcn_resnet101: a residual network whose last two stages are
 * dilated (output stride 8), and a head on its last stage; an auxiliary head on the stage before,
 * whose loss counts one half.
 *
 * <pre>
 * stage    layers                                                     output (512x512 input)
 * stages   of the residual network                                    2048 x 64 x 64
 * head     3x3 to a quarter of the channels, BatchNorm, ReLU, dropout
 *          of a tenth; 1x1; bilinear to the image's size              classes x 512 x 512
 * </pre>
 */
public final class FcnResNet {
  private static final InputShape USUAL_INPUT = new InputShape(3, 512, 512);
  private static final int USUAL_CLASSES = 21;
  private static final double AUXILIARY_WEIGHT = 0.5;
  private static final double DROPOUT = 0.1;
  private static final LayerDefaults LINEAR =
      LayerDefaults.of(Activation.IDENTITY, WeightInitializers.HE);

  private FcnResNet() {}

  /** All of them. */
  public static List<NetworkDefinition> family() {
    return List.of(definition(50), definition(101));
  }

  private static NetworkDefinition definition(int depth) {
    ResNetBackbone backbone = ResNetBackbone.of(depth).dilated(StageDilation.STRIDE_8);
    return new NetworkDefinition(
        "fcn-resnet" + depth,
        "torchvision's fcn_resnet%d, after Shelhamer, Long, Darrell 2017".formatted(depth),
        USUAL_INPUT,
        USUAL_CLASSES,
        AllowedSides.from(1),
        (input, classes) ->
            build(backbone, new NetworkBuilder(input, ResNetBackbone.DEFAULTS), classes));
  }

  private static NetworkGraph build(ResNetBackbone backbone, NetworkBuilder builder, int classes) {
    List<String> stages = backbone.stages(builder);
    String logits = head(builder, "head", stages.get(3), classes, Interpolation.BILINEAR);
    String output = Heads.pixels(builder, logits, LabelFit.CENTRE);
    return builder.build(
        List.of(
            output,
            auxiliary(builder, stages.get(2), classes, Interpolation.BILINEAR, AUXILIARY_WEIGHT)));
  }

  /** The auxiliary head on a residual network's third stage. */
  public static String auxiliary(
      NetworkBuilder builder,
      String from,
      int classes,
      Interpolation interpolation,
      double weight) {
    String logits = head(builder, "auxiliary", from, classes, interpolation);
    return Heads.auxiliaryPixels(builder, "auxiliary-output", logits, LabelFit.CENTRE, weight);
  }

  private static String head(
      NetworkBuilder builder, String name, String from, int classes, Interpolation interpolation) {
    int maps = builder.channels(from) / 4;
    String last = builder.convolutionNormActivation(name + "-conv", from, Kernel.same(3), maps);
    last = builder.dropout(name + "-dropout", last, DROPOUT);
    last = builder.convolution(name + "-logits", last, Kernel.of(1), classes, LINEAR);
    return Decoders.resize(builder, name + "-up", last, interpolation, Heads.INPUT);
  }
}
