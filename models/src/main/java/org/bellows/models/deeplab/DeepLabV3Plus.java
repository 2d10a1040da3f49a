// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.deeplab;

import java.util.ArrayList;
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
import org.bellows.models.mobilenet.MobileNetV2;
import org.bellows.models.network.AllowedSides;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.resnet.ResNetBackbone;
import org.bellows.models.resnet.StageDilation;
import org.bellows.models.xception.Xception;

/**
 * Chen, Zhu, Papandreou, Schroff, Adam, "Encoder-Decoder with Atrous Separable Convolution for
 * Semantic Image Segmentation", 2018, figure 2: output stride 16, rates 6, 12 and 18.
 *
 * <pre>
 * stage      layers                                                  output (513x513 input)
 * backbone   residual network, aligned Xception-65 or MobileNetV2    33 x 33
 * pyramid    separable, dropout of a tenth                           256 x 33 x 33
 * low        1x1 to 48, BatchNorm, ReLU, of a map of the backbone
 *            at a quarter of the image's sides                        48 x 129 x 129
 * decoder    the pyramid's map brought to that size, beside it; two
 *            separable 3x3 to 256                                    256 x 129 x 129
 * output     1x1; bilinear to the image's size                       classes x 513 x 513
 * </pre>
 *
 * <p>The map at a quarter is the first stage's of the residual network, the second block's before
 * its stride of Xception, the second stage's of MobileNetV2. Deviation: interpolation of half-pixel
 * centres, where the authors' program keeps the corners.
 */
public final class DeepLabV3Plus {
  private static final String PAPER = "Chen et al. 2018, \"DeepLab v3+\", figure 2";
  private static final InputShape USUAL_INPUT = new InputShape(3, 513, 513);
  private static final int USUAL_CLASSES = 21;
  private static final int OUTPUT_STRIDE = 16;
  private static final int LOW_MAPS = 48;
  private static final SpatialPyramid PYRAMID = new SpatialPyramid(List.of(6, 12, 18), true, 0.1);
  private static final Kernel FILTER = Kernel.same(3);
  private static final Kernel POINT = Kernel.of(1);
  private static final LayerDefaults LINEAR =
      LayerDefaults.of(Activation.IDENTITY, WeightInitializers.HE);

  private DeepLabV3Plus() {}

  /** All of them. */
  public static List<NetworkDefinition> family() {
    List<NetworkDefinition> family = new ArrayList<>();
    for (int depth : new int[] {50, 101}) {
      family.add(
          definition(
              "deeplab-v3plus-resnet" + depth, (input, classes) -> resNet(depth, input, classes)));
    }
    family.add(definition("deeplab-v3plus-xception65", DeepLabV3Plus::xception));
    family.add(definition("deeplab-v3plus-mobilenet-v2", DeepLabV3Plus::mobileNet));
    return family;
  }

  private static NetworkDefinition definition(String name, NetworkDefinition.Builder builder) {
    return new NetworkDefinition(
        name, PAPER, USUAL_INPUT, USUAL_CLASSES, AllowedSides.from(1), builder);
  }

  private static NetworkGraph resNet(int depth, InputShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input, ResNetBackbone.DEFAULTS);
    List<String> stages = ResNetBackbone.of(depth).dilated(StageDilation.STRIDE_16).stages(builder);
    return build(builder, stages.get(3), stages.get(0), classes);
  }

  private static NetworkGraph xception(InputShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input, Xception.DEFAULTS);
    Xception.Maps maps = Xception.maps(builder);
    return build(builder, maps.last(), maps.quarter(), classes);
  }

  private static NetworkGraph mobileNet(InputShape input, int classes) {
    NetworkBuilder builder = new NetworkBuilder(input, MobileNetV2.DEFAULTS);
    List<String> stages = MobileNetV2.stages(builder, OUTPUT_STRIDE);
    return build(builder, stages.get(stages.size() - 1), stages.get(1), classes);
  }

  private static NetworkGraph build(
      NetworkBuilder builder, String map, String quarter, int classes) {
    String pyramid = PYRAMID.on(builder, map);
    String low = builder.convolutionNormActivation("decoder-low", quarter, POINT, LOW_MAPS);
    String up = Decoders.resize(builder, "decoder-up", pyramid, Interpolation.BILINEAR, low);
    String last = builder.merge("decoder", up, low);
    last = SpatialPyramid.separable(builder, "decoder-a", last, FILTER);
    last = SpatialPyramid.separable(builder, "decoder-b", last, FILTER);
    last = builder.convolution("head-logits", last, POINT, classes, LINEAR);
    last = Decoders.resize(builder, "head-up", last, Interpolation.BILINEAR, Heads.INPUT);
    return builder.build(Heads.pixels(builder, last, LabelFit.CENTRE));
  }
}
