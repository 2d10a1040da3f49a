// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.mobilenet;

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
  private static final InputShape USUAL_INPUT = new InputShape(3, 224, 224);
  private static final int USUAL_CLASSES = 1000;
  private static final int SMALLEST_SIDE = 1;
  private static final String PAPER = "Sandler et al. 2018, \"MobileNetV2\", table 2";
  private static final Kernel FILTER = Kernel.same(3);
  private static final Kernel POINT = Kernel.of(1);
  private static final int STEM_CHANNELS = 32;
  private static final int HEAD_CHANNELS = 1280;
  private static final double DROPOUT = 0.2;
  private static final LayerDefaults STYLE =
      LayerDefaults.of(Activation.RELU6, WeightInitializers.HE_FAN_OUT);
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
            (input, classes) -> build(new NetworkBuilder(input, STYLE), classes)));
  }

  private static NetworkGraph build(NetworkBuilder builder, int classes) {
    String last =
        builder.convolutionNormActivation("stem", Heads.INPUT, FILTER.stride(2), STEM_CHANNELS);
    for (int i = 0; i < STAGES.size(); i++) {
      Stage stage = STAGES.get(i);
      for (int block = 0; block < stage.blocks(); block++) {
        String name = "stage%d-block%d".formatted(i + 1, block + 1);
        last = bottleneck(builder, name, last, stage, block == 0 ? stage.stride() : 1);
      }
    }
    last = builder.convolutionNormActivation("head", last, POINT, HEAD_CHANNELS);
    last = builder.dropout("dropout", builder.globalAverage("pool", last), DROPOUT);
    return builder.build(
        Heads.classifier(builder, last, classes, WeightInitializers.gaussian(0.01)));
  }

  private static String bottleneck(
      NetworkBuilder builder, String name, String from, Stage stage, int stride) {
    int wide = builder.channels(from) * stage.expansion();
    String inner =
        stage.expansion() == 1
            ? from
            : builder.convolutionNormActivation(name + "-expand", from, POINT, wide);
    inner = builder.depthwiseNormActivation(name + "-depthwise", inner, FILTER.stride(stride));
    inner = builder.convolutionNorm(name + "-project", inner, POINT, stage.channels());
    boolean same = stride == 1 && builder.channels(from) == stage.channels();
    return same ? builder.add(name + "-add", from, inner) : inner;
  }
}
