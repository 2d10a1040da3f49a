// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.nin;

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
 * Lin, Chen, Yan, "Network In Network", 2013: each convolution is followed by two 1x1 convolutions
 * (a small network that slides over the map), the last of which has a map for each class; the mean
 * of that map goes into the softmax.
 *
 * <pre>
 * name     nin                             nin-cifar
 * input    3 x 224 x 224                   3 x 32 x 32
 * one      11x11 /4,    96;   96,   96     5x5 pad 2, 192; 160,  96
 *  + pool  max 3x3 /2:  96 x 27 x 27       max 3x3 /2:  96 x 16 x 16
 * two      5x5 pad 2,  256;  256,  256     5x5 pad 2, 192; 192, 192
 *  + pool  max 3x3 /2: 256 x 13 x 13       mean 3x3 /2: 192 x 8 x 8
 * three    3x3 pad 1,  384;  384,  384     3x3 pad 1, 192; 192, classes
 *  + pool  max 3x3 /2: 384 x  6 x  6       -
 * four     3x3 pad 1, 1024; 1024, classes  -
 * output   mean over the map               mean over the map
 * </pre>
 *
 * <p>Both are the authors' published models (Caffe's model zoo), since the paper does not print the
 * numbers of maps: ReLU after each convolution, the last included; pools round sizes up; dropout of
 * one half after each pool of {@code nin-cifar}, and after the last of {@code nin}; weights N(0,
 * 0.05^2) in {@code nin-cifar}, N(0, 0.01^2) in {@code nin}, biases 0.
 */
public final class NetworkInNetwork {
  private static final String PAPER = "Lin et al. 2013, \"Network In Network\", section 4";
  private static final Kernel POINT = Kernel.of(1);
  private static final Kernel FILTER = Kernel.same(3);
  private static final double DROPOUT = 0.5;

  private NetworkInNetwork() {}

  public static List<NetworkDefinition> family() {
    return List.of(
        new NetworkDefinition(
            "nin", PAPER, new InputShape(3, 224, 224), 1000, 39, NetworkInNetwork::large),
        new NetworkDefinition(
            "nin-cifar", PAPER, new InputShape(3, 32, 32), 10, 4, NetworkInNetwork::small));
  }

  private static NetworkGraph large(InputShape input, int classes) {
    NetworkBuilder builder = sketch(input, 0.01);
    Kernel stem = Kernel.of(11).stride(4);
    String last = stage(builder, "one", Heads.INPUT, stem, 96, 96, 96);
    last = builder.poolRoundingUp("one-pool", last, PoolingType.MAX);
    last = stage(builder, "two", last, Kernel.same(5), 256, 256, 256);
    last = builder.poolRoundingUp("two-pool", last, PoolingType.MAX);
    last = stage(builder, "three", last, FILTER, 384, 384, 384);
    last = builder.poolRoundingUp("three-pool", last, PoolingType.MAX);
    last = builder.dropout("three-dropout", last, DROPOUT);
    last = stage(builder, "four", last, FILTER, 1024, 1024, classes);
    return builder.build(Heads.softmax(builder, builder.globalAverage("pool", last)));
  }

  private static NetworkGraph small(InputShape input, int classes) {
    NetworkBuilder builder = sketch(input, 0.05);
    String last = stage(builder, "one", Heads.INPUT, Kernel.same(5), 192, 160, 96);
    last = builder.poolRoundingUp("one-pool", last, PoolingType.MAX);
    last = builder.dropout("one-dropout", last, DROPOUT);
    last = stage(builder, "two", last, Kernel.same(5), 192, 192, 192);
    last = builder.poolRoundingUp("two-pool", last, PoolingType.AVG);
    last = builder.dropout("two-dropout", last, DROPOUT);
    last = stage(builder, "three", last, FILTER, 192, 192, classes);
    return builder.build(Heads.softmax(builder, builder.globalAverage("pool", last)));
  }

  private static NetworkBuilder sketch(InputShape input, double deviation) {
    return new NetworkBuilder(
        input, LayerDefaults.of(Activation.RELU, WeightInitializers.gaussian(deviation)));
  }

  /**
   * @param maps of the convolution, then of the two 1x1 convolutions
   */
  private static String stage(
      NetworkBuilder builder, String name, String from, Kernel kernel, int... maps) {
    String last = builder.convolution(name, from, kernel, maps[0]);
    last = builder.convolution(name + "-point1", last, POINT, maps[1]);
    return builder.convolution(name + "-point2", last, POINT, maps[2]);
  }
}
