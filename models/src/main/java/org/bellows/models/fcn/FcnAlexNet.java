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
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.network.AllowedSides;
import org.bellows.models.network.NetworkDefinition;

/**
 * FCN-AlexNet of Shelhamer, Long, Darrell 2017, table 1, on Caffe's reference network: AlexNet in
 * two groups (Krizhevsky et al. 2012) with each pool before its response normalisation.
 *
 * <pre>
 * stage    kernel
 * conv1    11x11 /4, padded by 100; max 3x3 /2, rounding up; LRN    96
 * conv2    5x5, two groups; max 3x3 /2, rounding up; LRN           256
 * conv3    3x3                                                     384
 * conv4    3x3, two groups                                         384
 * conv5    3x3, two groups; max 3x3 /2, rounding up                256
 * fc6      6x6 without padding, ReLU, dropout of one half         4096
 * fc7      1x1, ReLU, dropout of one half                         4096
 * score    1x1; bilinear 63x63 /32, cut at 18                  classes
 * </pre>
 *
 * <p>Initialisation as in {@code alexnet-two-group}; scores start at 0, the bilinear kernel does
 * not learn.
 */
public final class FcnAlexNet {
  private static final InputShape USUAL_INPUT = new InputShape(3, 500, 500);
  private static final int USUAL_CLASSES = 21;
  private static final int UNITS = 4096;
  private static final double DROPOUT = 0.5;
  private static final int OFFSET = 18;

  /** Caffe divides its 1e-4 by the five channels of a window. */
  private static final double ALPHA = 2e-5;

  private static final Kernel POINT = Kernel.of(1);
  private static final Kernel FILTER = Kernel.same(3);
  private static final Kernel STEM = Kernel.of(11).stride(4).padding(100);
  private static final Kernel UP = Kernel.of(63).stride(32);
  private static final WeightInitializers WEIGHTS = WeightInitializers.gaussian(0.01);
  private static final LayerDefaults DEFAULTS = LayerDefaults.of(Activation.RELU, WEIGHTS);
  private static final LayerDefaults BIASED = DEFAULTS.bias(1);
  private static final LayerDefaults SCORE =
      LayerDefaults.of(Activation.IDENTITY, WeightInitializers.ZERO);

  private FcnAlexNet() {}

  /** The one. */
  public static List<NetworkDefinition> family() {
    return List.of(
        new NetworkDefinition(
            "fcn-alexnet",
            "Shelhamer, Long, Darrell 2017, \"FCN\", table 1",
            USUAL_INPUT,
            USUAL_CLASSES,
            AllowedSides.from(1),
            (input, classes) -> build(new NetworkBuilder(input, DEFAULTS), classes)));
  }

  private static NetworkGraph build(NetworkBuilder builder, int classes) {
    String last = builder.convolution("conv1", Heads.INPUT, STEM, 96);
    last = builder.poolRoundingUp("pool1", last, PoolingType.MAX);
    last = normalise(builder, "norm1", last);
    last = builder.groupedConvolution("conv2", last, Kernel.same(5), 256, BIASED);
    last = builder.poolRoundingUp("pool2", last, PoolingType.MAX);
    last = normalise(builder, "norm2", last);
    last = builder.convolution("conv3", last, FILTER, 384);
    last = builder.groupedConvolution("conv4", last, FILTER, 384, BIASED);
    last = builder.groupedConvolution("conv5", last, FILTER, 256, BIASED);
    last = builder.poolRoundingUp("pool5", last, PoolingType.MAX);
    last = builder.convolution("fc6", last, Kernel.of(6), UNITS, BIASED);
    last = builder.dropout("fc6-dropout", last, DROPOUT);
    last = builder.convolution("fc7", last, POINT, UNITS, BIASED);
    last = builder.dropout("fc7-dropout", last, DROPOUT);
    String scores = builder.convolution("score", last, POINT, classes, SCORE);
    scores = Decoders.bilinearDeconvolution(builder, "up", scores, UP);
    scores = Decoders.crop(builder, "crop", scores, Heads.INPUT, OFFSET, OFFSET);
    return builder.build(Heads.pixels(builder, scores, LabelFit.CENTRE));
  }

  private static String normalise(NetworkBuilder builder, String name, String from) {
    return builder.responseNorm(name, from, 1, ALPHA);
  }
}
