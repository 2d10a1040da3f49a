// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.Arrays;
import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.Pool;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The mean of each window; padding does not count. */
public final class AveragePoolNode extends Node {
  private final PoolWindow window;
  private Tensor counts;

  public AveragePoolNode(String name, LayerShape shape, Node input, Pool pool) {
    super(name, shape, List.of(input));
    this.window = PoolWindow.of(pool, input.shape().asMap(), shape.asMap());
  }

  /** A map that gives its shape, as it is made and in the order of maps. */
  @Override
  public long workBytes(int map) {
    return input().floatBytes() + (map == Float.BYTES ? 1 : 2) * input().outputBytes(map);
  }

  /** Where the map is padded before, sums are divided by numbers of pixels of their own. */
  private boolean isOfSums() {
    return !window.margins().areNone();
  }

  private LongOptional divisor() {
    return isOfSums() ? new LongOptional(1) : new LongOptional();
  }

  @Override
  Tensor compute(Pass pass) {
    Tensor means = pool(window.padded(input().output(), 0));
    if (isOfSums()) {
      LayerShape.FeatureMap map = input().shape().asMap();
      float[] ones = new float[map.height() * map.width()];
      Arrays.fill(ones, 1);
      Tensor one = pass.asMap(pass.device().of(ones, 1, 1, map.height(), map.width()));
      counts = save(pass, pool(window.padded(one, 0)));
      means.div_(counts);
    }
    return means;
  }

  private Tensor pool(Tensor map) {
    return torch.avg_pool2d(
        map, window.size(), window.stride(), window.padding(), false, false, divisor());
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    Tensor each = isOfSums() ? slope.div(counts) : slope;
    // Of the map that the pool has read only shape and order are asked for.
    Tensor shaped = pass.emptyMap(window.paddedShape(input().shape().asMap(), pass.samples()));
    Tensor padded =
        torch.avg_pool2d_backward(
            each,
            shaped,
            window.size(),
            window.stride(),
            window.padding(),
            false,
            false,
            divisor());
    give(input(), window.cut(padded));
  }
}
