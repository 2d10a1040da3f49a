// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.deeplab;

import java.util.ArrayList;
import java.util.List;
import org.bellows.models.graph.Decoders;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.layer.AdaptiveAverage;
import org.bellows.models.layer.Interpolation;
import org.bellows.models.layer.Kernel;

/**
 * Atrous spatial pyramid pooling with the image's mean (Chen et al. 2017, section 3.3, figure 5): a
 * 1x1 convolution, 3x3 convolutions at three rates and the mean over the map, each with 256 maps,
 * BatchNorm and ReLU; side by side; 1x1 to 256, BatchNorm, ReLU, dropout.
 *
 * @param rates of the 3x3 convolutions
 * @param isSeparable whether each of them is a depthwise one and a 1x1 (Chen et al. 2018, section
 *     3.1, with BatchNorm and ReLU behind both)
 * @param dropout share that is dropped at the end
 */
record SpatialPyramid(List<Integer> rates, boolean isSeparable, double dropout) {
  static final int MAPS = 256;
  private static final Kernel POINT = Kernel.of(1);

  /** Adds the layers on a map. */
  String on(NetworkBuilder builder, String map) {
    List<String> branches = new ArrayList<>();
    branches.add(builder.convolutionNormActivation("aspp-point", map, POINT, MAPS));
    for (int rate : rates) {
      String name = "aspp-rate" + rate;
      Kernel kernel = DilatedVgg.dilated(3, rate);
      branches.add(
          isSeparable
              ? separable(builder, name, map, kernel)
              : builder.convolutionNormActivation(name, map, kernel, MAPS));
    }
    String mean = builder.layer("aspp-mean", new AdaptiveAverage(1), map);
    mean = builder.convolutionNormActivation("aspp-image", mean, POINT, MAPS);
    branches.add(Decoders.resize(builder, "aspp-image-up", mean, Interpolation.BILINEAR, map));
    String last = builder.merge("aspp", branches.toArray(String[]::new));
    last = builder.convolutionNormActivation("aspp-project", last, POINT, MAPS);
    return builder.dropout("aspp-dropout", last, dropout);
  }

  /** A depthwise convolution and a 1x1 convolution to 256 maps. */
  static String separable(NetworkBuilder builder, String name, String from, Kernel kernel) {
    String depthwise = builder.depthwiseNormActivation(name + "-depthwise", from, kernel);
    return builder.convolutionNormActivation(name, depthwise, POINT, MAPS);
  }
}
