// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.inception;

import java.util.List;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.network.NetworkDefinition;

/**
 * Inception-v3: Szegedy, Vanhoucke, Ioffe, Shlens, Wojna, "Rethinking the Inception Architecture
 * for Computer Vision", 2015, table 1 and figures 5 to 7, 10, in the widths of the authors'
 * published model.
 *
 * <pre>
 * stage       layers                                              output (299x299 input)
 * stem        3x3 /2, 32; 3x3, 32; 3x3 padded, 64; max pool /2      64 x 73 x 73
 *             1x1, 80; 3x3, 192; max pool /2                       192 x 35 x 35
 * mixed1-3    {@link InceptionModules#small}                       288 x 35 x 35  (256, 288, 288)
 * mixed4      {@link InceptionModules#reduceSmall}                 768 x 17 x 17
 * mixed5-8    {@link InceptionModules#factorised}, 128 160 160 192 768 x 17 x 17
 * mixed9      {@link InceptionModules#reduceFactorised}           1280 x  8 x  8
 * mixed10-11  {@link InceptionModules#wide}                       2048 x  8 x  8
 * output      average, dropout 50 %, dense                        classes
 * </pre>
 *
 * <p>Every convolution is without bias, then BatchNorm (epsilon 1e-3), then ReLU. In training an
 * auxiliary head (section 4) sits on mixed8: mean 5x5 /3, 1x1 with 128 maps, 5x5 with 768 maps,
 * average, dense; its loss counts 0.4. Weights N(0, 0.1^2) cut off at two deviations (0.01 and
 * 0.001 in the auxiliary head), as in the published code; the paper gives none. With the head
 * 27,161,264 parameters, 23,834,568 without.
 *
 * <p>Deviations: the table of the paper prints other maps than its model has (it ends in 2048 at 8
 * x 8 all the same). Inputs below 299 pixels make the map below the auxiliary head too small for
 * its windows, which then shrink to the map. Padding does not count in averages; in torchvision it
 * does.
 */
public final class InceptionV3 {
  private static final InputShape USUAL_INPUT = new InputShape(3, 299, 299);
  private static final int USUAL_CLASSES = 1000;
  private static final int SMALLEST_SIDE = 75;
  private static final double AUXILIARY_WEIGHT = 0.4;
  private static final double DROPOUT = 0.5;
  private static final Kernel FILTER = Kernel.of(3);
  private static final Kernel HALVING = FILTER.stride(2);
  private static final WeightInitializers WEIGHTS = WeightInitializers.truncated(0.1);
  private static final LayerDefaults STYLE =
      LayerDefaults.of(Activation.RELU, WEIGHTS).normalisation(1e-3, 0.9);

  private InceptionV3() {}

  public static List<NetworkDefinition> family() {
    return List.of(
        new NetworkDefinition(
            "inception-v3",
            "Szegedy et al. 2015, \"Rethinking the Inception Architecture\", table 1",
            USUAL_INPUT,
            USUAL_CLASSES,
            SMALLEST_SIDE,
            (input, classes) -> build(new NetworkBuilder(input, STYLE), classes)));
  }

  private static NetworkGraph build(NetworkBuilder builder, int classes) {
    InceptionModules modules = new InceptionModules(builder);
    String last = stem(builder);
    last = modules.small("mixed1", last, 32);
    last = modules.small("mixed2", last, 64);
    last = modules.small("mixed3", last, 64);
    last = modules.reduceSmall("mixed4", last);
    last = modules.factorised("mixed5", last, 128);
    last = modules.factorised("mixed6", last, 160);
    last = modules.factorised("mixed7", last, 160);
    String branching = modules.factorised("mixed8", last, 192);
    last = modules.reduceFactorised("mixed9", branching);
    last = modules.wide("mixed10", last);
    last = modules.wide("mixed11", last);
    last = builder.dropout("dropout", builder.globalAverage("pool", last), DROPOUT);
    String main = Heads.classifier(builder, last, classes, WEIGHTS);
    return builder.build(List.of(main, auxiliary(builder, branching, classes)));
  }

  private static String stem(NetworkBuilder builder) {
    String last = builder.convolutionNormActivation("stem1", Heads.INPUT, HALVING, 32);
    last = builder.convolutionNormActivation("stem2", last, FILTER, 32);
    last = builder.convolutionNormActivation("stem3", last, Kernel.same(3), 64);
    last = builder.maxPool("stem3-pool", last, HALVING);
    last = builder.convolutionNormActivation("stem4", last, Kernel.of(1), 80);
    last = builder.convolutionNormActivation("stem5", last, FILTER, 192);
    return builder.maxPool("stem5-pool", last, HALVING);
  }

  private static String auxiliary(NetworkBuilder builder, String from, int classes) {
    Kernel pool = fitting(builder, from).stride(3);
    String last = builder.pool("auxiliary-pool", from, PoolingType.AVG, pool);
    last = builder.convolutionNormActivation("auxiliary-1x1", last, Kernel.of(1), 128);
    Kernel large = fitting(builder, last);
    LayerDefaults small = STYLE.weights(WeightInitializers.truncated(0.01));
    last = builder.convolutionNormActivation("auxiliary-5x5", last, large, 768, small);
    last = builder.globalAverage("auxiliary-average", last);
    Heads.AuxiliaryStyle style =
        new Heads.AuxiliaryStyle(WeightInitializers.truncated(0.001), AUXILIARY_WEIGHT);
    return Heads.auxiliary(builder, "auxiliary", last, classes, style);
  }

  /** 5x5, or as much of it as the map has. */
  private static Kernel fitting(NetworkBuilder builder, String from) {
    int height = Math.min(5, builder.map(from).height());
    int width = Math.min(5, builder.map(from).width());
    return new Kernel(height, width, 1, 0, 0);
  }
}
