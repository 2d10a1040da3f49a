// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.mobilenet;

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
import org.bellows.models.network.NetworkDefinition;

/**
 * Sandler, Howard, Zhu, Zhmoginov, Chen, "MobileNetV2: Inverted Residuals and Linear Bottlenecks",
 * 2018, table 2.
 *
 * <pre>
 * stage   t  c     n  s    output (224x224 input)
 * stem       32       2      32 x 112 x 112
 * 1       1  16    1  1      16 x 112 x 112
 * 2       6  24    2  2      24 x  56 x  56
 * 3       6  32    3  2      32 x  28 x  28
 * 4       6  64    4  2      64 x  14 x  14
 * 5       6  96    3  1      96 x  14 x  14
 * 6       6  160   3  2     160 x   7 x   7
 * 7       6  320   1  1     320 x   7 x   7
 * head       1280     1    1280 x   7 x   7
 * output  average, dropout of a fifth, dense: classes
 * </pre>
 *
 * <p>A bottleneck (table 1) with expansion t, c channels and stride s of the first of n: 1x1 to t
 * times the channels, BN, ReLU6 (not for t = 1); 3x3 depthwise, BN, ReLU6; 1x1 to c, BN, linear;
 * plus the input where the shape is the same.
 *
 * <p>He initialisation with the fan-out, dense weights N(0, 0.01^2), symmetric padding: as in
 * torchvision; the paper specifies neither.
 */
public final class MobileNetV2 {
  /** Activation and initial weights of all layers. */
  public static final LayerDefaults DEFAULTS =
      LayerDefaults.of(Activation.RELU6, WeightInitializers.HE_FAN_OUT);

  private static final InputShape USUAL_INPUT = new InputShape(3, 224, 224);
  private static final int USUAL_CLASSES = 1000;
  private static final int SMALLEST_SIDE = 1;
  private static final String PAPER = "Sandler et al. 2018, \"MobileNetV2\", table 2";
  private static final Kernel FILTER = Kernel.same(3);
  private static final Kernel POINT = Kernel.of(1);
  private static final int STEM_CHANNELS = 32;
  private static final int HEAD_CHANNELS = 1280;
  private static final double DROPOUT = 0.2;
  static final List<Stage> STAGES =
      List.of(
          new Stage(1, 16, 1, 1),
          new Stage(6, 24, 2, 2),
          new Stage(6, 32, 3, 2),
          new Stage(6, 64, 4, 2),
          new Stage(6, 96, 3, 1),
          new Stage(6, 160, 3, 2),
          new Stage(6, 320, 1, 1));

  /** Table 2's t, c, n and s. */
  record Stage(int expansion, int channels, int blocks, int stride) {}

  private MobileNetV2() {}

  public static List<NetworkDefinition> family() {
    return List.of(
        new NetworkDefinition(
            "mobilenet-v2",
            PAPER,
            USUAL_INPUT,
            USUAL_CLASSES,
            SMALLEST_SIDE,
            (input, classes) -> build(new NetworkBuilder(input, DEFAULTS), classes)));
  }

  /**
   * Adds the stem and the seven stages. Layers have the same names and parameters whatever the
   * output stride is, so that one network can start from the other's weights.
   *
   * @param builder whose defaults are {@link #DEFAULTS}
   * @param outputStride side of the image over that of the last map, 8, 16 or 32: below 32 later
   *     strides are 1, and what follows is dilated instead (Sandler et al., section 6.3)
   * @return the last vertex of each stage
   */
  public static List<String> stages(NetworkBuilder builder, int outputStride) {
    String last =
        builder.convolutionNormActivation("stem", Heads.INPUT, FILTER.stride(2), STEM_CHANNELS);
    List<String> vertices = new ArrayList<>();
    int reached = 2;
    int rate = 1;
    for (int i = 0; i < STAGES.size(); i++) {
      Stage stage = STAGES.get(i);
      for (int block = 0; block < stage.blocks(); block++) {
        String name = "stage%d-block%d".formatted(i + 1, block + 1);
        int stride = block == 0 ? stage.stride() : 1;
        Kernel filter = Kernel.of(3).padding(rate).dilation(rate);
        if (stride > 1 && reached == outputStride) {
          // The first block of a stage keeps the rate of the stage before, as in ResNet's stages.
          rate *= stride;
          stride = 1;
        }
        reached *= stride;
        last = bottleneck(builder, name, last, stage, filter.stride(stride));
      }
      vertices.add(last);
    }
    return vertices;
  }

  private static NetworkGraph build(NetworkBuilder builder, int classes) {
    List<String> stages = stages(builder, 32);
    String last = stages.get(stages.size() - 1);
    last = builder.convolutionNormActivation("head", last, POINT, HEAD_CHANNELS);
    last = builder.dropout("dropout", builder.globalAverage("pool", last), DROPOUT);
    return builder.build(
        Heads.classifier(builder, last, classes, WeightInitializers.gaussian(0.01)));
  }

  private static String bottleneck(
      NetworkBuilder builder, String name, String from, Stage stage, Kernel filter) {
    int wide = builder.channels(from) * stage.expansion();
    String inner =
        stage.expansion() == 1
            ? from
            : builder.convolutionNormActivation(name + "-expand", from, POINT, wide);
    inner = builder.depthwiseNormActivation(name + "-depthwise", inner, filter);
    inner = builder.convolutionNorm(name + "-project", inner, POINT, stage.channels());
    boolean same = filter.stride() == 1 && builder.channels(from) == stage.channels();
    return same ? builder.add(name + "-add", from, inner) : inner;
  }
}
