// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.inception;

import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.PoolingType;

/** The five modules of Inception-v3; each convolution has BatchNorm and ReLU. */
final class InceptionModules {
  private static final Kernel POINT = Kernel.of(1);
  private static final Kernel FILTER = Kernel.same(3);
  private static final Kernel LARGE = Kernel.same(5);
  private static final Kernel ROW = Kernel.same(1, 7);
  private static final Kernel COLUMN = Kernel.same(7, 1);
  private static final Kernel HALVING = Kernel.of(3).stride(2);

  private final NetworkBuilder builder;

  InceptionModules(NetworkBuilder builder) {
    this.builder = builder;
  }

  /** Figure 5: 1x1; 5x5; two 3x3; pool. 224 channels and those of the pool's projection. */
  String small(String name, String from, int poolMaps) {
    String one = step(name + "-1x1", from, POINT, 64);
    String five = step(name + "-5x5-reduce", from, POINT, 48);
    five = step(name + "-5x5", five, LARGE, 64);
    String three = step(name + "-3x3-reduce", from, POINT, 64);
    three = step(name + "-3x3a", three, FILTER, 96);
    three = step(name + "-3x3b", three, FILTER, 96);
    return builder.merge(name, one, five, three, pooled(name, from, poolMaps));
  }

  /** Figure 10: halves the map; 480 channels and the input's. */
  String reduceSmall(String name, String from) {
    String three = step(name + "-3x3", from, HALVING, 384);
    String twice = step(name + "-twice-reduce", from, POINT, 64);
    twice = step(name + "-twice-a", twice, FILTER, 96);
    twice = step(name + "-twice-b", twice, HALVING, 96);
    return builder.merge(name, three, twice, builder.maxPool(name + "-pool", from, HALVING));
  }

  /**
   * Figure 6 with n = 7: 7x7 as 1x7 and 7x1, once and twice; 768 channels.
   *
   * @param inner maps inside the branches
   */
  String factorised(String name, String from, int inner) {
    String one = step(name + "-1x1", from, POINT, 192);
    String once = step(name + "-once-reduce", from, POINT, inner);
    once = step(name + "-once-row", once, ROW, inner);
    once = step(name + "-once-column", once, COLUMN, 192);
    String twice = step(name + "-twice-reduce", from, POINT, inner);
    twice = step(name + "-twice-column1", twice, COLUMN, inner);
    twice = step(name + "-twice-row1", twice, ROW, inner);
    twice = step(name + "-twice-column2", twice, COLUMN, inner);
    twice = step(name + "-twice-row2", twice, ROW, 192);
    return builder.merge(name, one, once, twice, pooled(name, from, 192));
  }

  /** Halves the map after the factorised modules; 512 channels and the input's. */
  String reduceFactorised(String name, String from) {
    String three = step(name + "-3x3-reduce", from, POINT, 192);
    three = step(name + "-3x3", three, HALVING, 320);
    String seven = step(name + "-7x7-reduce", from, POINT, 192);
    seven = step(name + "-7x7-row", seven, ROW, 192);
    seven = step(name + "-7x7-column", seven, COLUMN, 192);
    seven = step(name + "-7x7-3x3", seven, HALVING, 192);
    return builder.merge(name, three, seven, builder.maxPool(name + "-pool", from, HALVING));
  }

  /** Figure 7: the last convolutions side by side; 2048 channels. */
  String wide(String name, String from) {
    String one = step(name + "-1x1", from, POINT, 320);
    String three = step(name + "-3x3-reduce", from, POINT, 384);
    three = fork(name + "-3x3", three);
    String twice = step(name + "-twice-reduce", from, POINT, 448);
    twice = step(name + "-twice-3x3", twice, FILTER, 384);
    twice = fork(name + "-twice", twice);
    return builder.merge(name, one, three, twice, pooled(name, from, 192));
  }

  private String fork(String name, String from) {
    String row = step(name + "-row", from, Kernel.same(1, 3), 384);
    String column = step(name + "-column", from, Kernel.same(3, 1), 384);
    return builder.merge(name, row, column);
  }

  private String pooled(String name, String from, int maps) {
    String pool = builder.pool(name + "-average", from, PoolingType.AVG, FILTER);
    return step(name + "-projection", pool, POINT, maps);
  }

  private String step(String name, String from, Kernel kernel, int maps) {
    return builder.convolutionNormActivation(name, from, kernel, maps);
  }
}
