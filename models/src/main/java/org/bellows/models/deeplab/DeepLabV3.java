// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.deeplab;

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
import org.bellows.models.layer.Interpolation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.mobilenet.MobileNetV2;
import org.bellows.models.network.AllowedSides;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.resnet.ResNetBackbone;
import org.bellows.models.resnet.StageDilation;

/**
 * Chen, Papandreou, Schroff, Adam, "Rethinking Atrous Convolution for Semantic Image Segmentation",
 * 2017, section 3.3, in torchvision's form.
 *
 * <pre>
 * network                    backbone                          output stride   rates
 * deeplab-v3-resnet50, 101   residual network, auxiliary head        8         12, 24, 36
 *                            on its third stage (one half)
 * deeplab-v3-mobilenet-v2    MobileNetV2 without its last 1x1       16          6, 12, 18
 * </pre>
 *
 * <p>On the backbone: {@link SpatialPyramid} with dropout of one half; 3x3 to 256, BatchNorm, ReLU;
 * 1x1 to the classes; bilinear to the image's size. Deviation from the paper, as in torchvision:
 * one 3x3 convolution more, no multi-grid.
 */
public final class DeepLabV3 {
  private static final String PAPER = "Chen et al. 2017, \"DeepLab v3\", section 3.3";
  private static final InputShape USUAL_INPUT = new InputShape(3, 512, 512);
  private static final int USUAL_CLASSES = 21;
  private static final double AUXILIARY_WEIGHT = 0.5;
  private static final double DROPOUT = 0.5;
  private static final SpatialPyramid STRIDE_8 =
      new SpatialPyramid(List.of(12, 24, 36), false, DROPOUT);
  private static final SpatialPyramid STRIDE_16 =
      new SpatialPyramid(List.of(6, 12, 18), false, DROPOUT);
  private static final LayerDefaults LINEAR =
      LayerDefaults.of(Activation.IDENTITY, WeightInitializers.HE);

  private DeepLabV3() {}

  /** All of them. */
  public static List<NetworkDefinition> family() {
    List<NetworkDefinition> family = new ArrayList<>();
    for (int depth : new int[] {50, 101}) {
      family.add(
          definition(
              "deeplab-v3-resnet" + depth, (input, classes) -> resNet(depth, input, classes)));
    }
    family.add(definition("deeplab-v3-mobilenet-v2", DeepLabV3::mobileNet));
    return family;
  }

  private static NetworkDefinition definition(String name, NetworkDefinition.Builder builder) {
    return new NetworkDefinition(
        name, PAPER, USUAL_INPUT, USUAL_CLASSES, AllowedSides.from(1), builder);
  }

  private static NetworkGraph resNet(int depth, InputShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input, ResNetBackbone.DEFAULTS);
    List<String> stages = ResNetBackbone.of(depth).dilated(StageDilation.STRIDE_8).stages(builder);
    String output = head(builder, STRIDE_8, stages.get(3), classes);
    String auxiliary =
        FcnResNet.auxiliary(
            builder, stages.get(2), classes, Interpolation.BILINEAR, AUXILIARY_WEIGHT);
    return builder.build(List.of(output, auxiliary));
  }

  private static NetworkGraph mobileNet(InputShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input, MobileNetV2.DEFAULTS);
    List<String> stages = MobileNetV2.stages(builder, 16);
    return builder.build(head(builder, STRIDE_16, stages.get(stages.size() - 1), classes));
  }

  private static String head(
      NetworkBuilder builder, SpatialPyramid pyramid, String map, int classes) {
    String last = pyramid.on(builder, map);
    last =
        builder.convolutionNormActivation("head-conv", last, Kernel.same(3), SpatialPyramid.MAPS);
    last = builder.convolution("head-logits", last, Kernel.of(1), classes, LINEAR);
    last = Decoders.resize(builder, "head-up", last, Interpolation.BILINEAR, Heads.INPUT);
    return Heads.pixels(builder, last, LabelFit.CENTRE);
  }
}
