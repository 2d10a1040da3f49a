// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.fcn;

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
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.network.AllowedSides;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.vgg.Vgg;

/**
 * Shelhamer, Long, Darrell, "Fully Convolutional Networks for Semantic Segmentation", 2015 and
 * 2017, figure 3, on VGG16 (version D).
 *
 * <pre>
 * stage       layers                                            stride
 * conv1..5    VGG16's, conv1-1 padded by 100; pools round up     2, 4, 8, 16, 32
 * fc6, fc7    7x7 to 4096 without padding, 1x1 to 4096,
 *             ReLU, dropout of one half                          32
 * score       1x1 to the classes                                 32
 * 32s         bilinear 64x64 /32, cut at 19                       1
 * 16s         bilinear 4x4 /2; + 1x1 of pool4, cut at 5;
 *             bilinear 32x32 /16, cut at 27                       1
 * 8s          as 16s, but bilinear 4x4 /2; + 1x1 of pool3, cut
 *             at 9; bilinear 16x16 /8, cut at 31                  1
 * </pre>
 *
 * <p>The three are trained one after the other, each from the one before ({@code model.from});
 * names and parameters of what they share are equal, and those of VGG16 but for its last layer: a
 * dense layer's matrix is the convolution's kernel. Scores start at 0; the bilinear kernels do not
 * learn, which the authors' later experience found to make no difference. Deviation: none of the
 * authors' factors for learning rates of biases.
 */
public final class FcnVgg {
  private static final String PAPER = "Shelhamer, Long, Darrell 2017, \"FCN\", table 1";
  private static final InputShape USUAL_INPUT = new InputShape(3, 500, 500);
  private static final int USUAL_CLASSES = 21;
  private static final int DEPTH = 16;
  private static final int UNITS = 4096;
  private static final double DROPOUT = 0.5;
  private static final int BORDER = 100;
  private static final Kernel FILTER = Kernel.same(3);
  private static final Kernel POINT = Kernel.of(1);
  private static final Kernel HALVING = Kernel.of(2).stride(2);
  private static final Kernel DOUBLING = Kernel.of(4).stride(2);
  private static final LayerDefaults SCORE =
      LayerDefaults.of(Activation.IDENTITY, WeightInitializers.ZERO);

  private FcnVgg() {}

  /** All of them. */
  public static List<NetworkDefinition> family() {
    List<NetworkDefinition> family = new ArrayList<>();
    for (int stride : new int[] {32, 16, 8}) {
      family.add(
          new NetworkDefinition(
              "fcn%ds-vgg16".formatted(stride),
              PAPER,
              USUAL_INPUT,
              USUAL_CLASSES,
              AllowedSides.from(1),
              (input, classes) -> build(stride, new NetworkBuilder(input, Vgg.DEFAULTS), classes)));
    }
    return family;
  }

  private static NetworkGraph build(int stride, NetworkBuilder builder, int classes) {
    List<String> pools = pools(builder);
    String last = pools.get(pools.size() - 1);
    last = builder.convolution("fc6", last, Kernel.of(7), UNITS);
    last = builder.dropout("fc6-dropout", last, DROPOUT);
    last = builder.convolution("fc7", last, POINT, UNITS);
    last = builder.dropout("fc7-dropout", last, DROPOUT);
    String scores = builder.convolution("score", last, POINT, classes, SCORE);
    int offset = 19;
    if (stride <= 16) {
      scores = withSkip(builder, 4, scores, pools.get(3), 5);
      offset = 27;
    }
    if (stride <= 8) {
      scores = withSkip(builder, 3, scores, pools.get(2), 9);
      offset = 31;
    }
    Kernel up = Kernel.of(2 * stride).stride(stride);
    scores = Decoders.bilinearDeconvolution(builder, "up", scores, up);
    scores = Decoders.crop(builder, "crop", scores, Heads.INPUT, offset, offset);
    return builder.build(Heads.pixels(builder, scores, LabelFit.CENTRE));
  }

  private static List<String> pools(NetworkBuilder builder) {
    List<String> pools = new ArrayList<>();
    String last = Heads.INPUT;
    for (int stage = 1; stage <= Vgg.stageChannels().size(); stage++) {
      int maps = Vgg.stageChannels().get(stage - 1);
      for (int i = 1; i <= Vgg.convolutions(DEPTH)[stage - 1]; i++) {
        Kernel kernel = stage == 1 && i == 1 ? FILTER.padding(BORDER) : FILTER;
        last = builder.convolution("conv%d-%d".formatted(stage, i), last, kernel, maps);
      }
      last = builder.layer("pool" + stage, new Pool(PoolingType.MAX, HALVING, true), last);
      pools.add(last);
    }
    return pools;
  }

  private static String withSkip(
      NetworkBuilder builder, int stage, String scores, String pool, int offset) {
    String up = Decoders.bilinearDeconvolution(builder, "up-to-pool" + stage, scores, DOUBLING);
    String skip =
        builder.convolution("score-pool" + stage, pool, POINT, builder.channels(scores), SCORE);
    skip = Decoders.crop(builder, "score-pool%d-crop".formatted(stage), skip, up, offset, offset);
    return builder.add("sum" + stage, up, skip);
  }
}
