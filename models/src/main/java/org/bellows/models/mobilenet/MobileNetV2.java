package org.bellows.models.mobilenet;

import java.util.List;
import org.bellows.models.graph.GraphSketch;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.Style;
import org.bellows.models.graph.Weights;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Window;
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
 * torchvision, the paper says nothing of either.
 */
public final class MobileNetV2 {
  private static final InputShape USUAL_INPUT = new InputShape(3, 224, 224);
  private static final int USUAL_CLASSES = 1000;
  private static final int SMALLEST_SIDE = 1;
  private static final String PAPER = "Sandler et al. 2018, \"MobileNetV2\", table 2";
  private static final Window FILTER = Window.same(3);
  private static final Window POINT = Window.of(1);
  private static final int STEM_CHANNELS = 32;
  private static final int HEAD_CHANNELS = 1280;
  private static final double DROPOUT = 0.2;
  private static final Style STYLE = Style.of(Activation.RELU6, Weights.HE_FAN_OUT);
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
            (input, classes) -> build(new GraphSketch(input, STYLE), classes)));
  }

  private static NetworkGraph build(GraphSketch sketch, int classes) {
    String last =
        sketch.convolutionNormActivation("stem", Heads.INPUT, FILTER.stride(2), STEM_CHANNELS);
    for (int i = 0; i < STAGES.size(); i++) {
      Stage stage = STAGES.get(i);
      for (int block = 0; block < stage.blocks(); block++) {
        String name = "stage%d-block%d".formatted(i + 1, block + 1);
        last = bottleneck(sketch, name, last, stage, block == 0 ? stage.stride() : 1);
      }
    }
    last = sketch.convolutionNormActivation("head", last, POINT, HEAD_CHANNELS);
    last = sketch.dropout("dropout", sketch.globalAverage("pool", last), DROPOUT);
    return sketch.build(Heads.classifier(sketch, last, classes, Weights.gaussian(0.01)));
  }

  private static String bottleneck(
      GraphSketch sketch, String name, String from, Stage stage, int stride) {
    int wide = sketch.channels(from) * stage.expansion();
    String inner =
        stage.expansion() == 1
            ? from
            : sketch.convolutionNormActivation(name + "-expand", from, POINT, wide);
    inner = sketch.depthwiseNormActivation(name + "-depthwise", inner, FILTER.stride(stride));
    inner = sketch.convolutionNorm(name + "-project", inner, POINT, stage.channels());
    boolean same = stride == 1 && sketch.channels(from) == stage.channels();
    return same ? sketch.add(name + "-add", from, inner) : inner;
  }
}
