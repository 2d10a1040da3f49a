// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.Pool;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The largest value of each window; padding is less than any. */
public final class MaxPoolNode extends Node {
  private final PoolWindow window;
  private boolean arePlacesRead;
  private Tensor places;

  public MaxPoolNode(String name, LayerShape shape, Node input, Pool pool) {
    super(name, shape, List.of(input));
    this.window = PoolWindow.of(pool, input.shape().asMap(), shape.asMap());
  }

  /** Another node than this reads the places, in inference too. */
  void addReaderOfPlaces() {
    arePlacesRead = true;
  }

  /** The places. */
  @Override
  public long extraBytes(int map) {
    return Long.BYTES * shape().elements();
  }

  @Override
  public long bytesWithoutBackward() {
    return arePlacesRead ? Long.BYTES * shape().elements() : 0;
  }

  /** The sum as it begins, in float32; places in a window, and in the padded map; products. */
  @Override
  public long workBytes(int map) {
    boolean isPadded = window.padding()[0] > 0 || window.padding()[1] > 0;
    long places = ((isPadded ? 3L : 1L) * Long.BYTES + 1 + map) * shape().elements();
    long sum = input().floatBytes() + (map == Float.BYTES ? 0 : input().outputBytes(map));
    return sum + places;
  }

  @Override
  Tensor compute(Pass pass) {
    T_TensorTensor_T results =
        torch.max_pool2d_with_indices(
            window.padded(input().output(), Double.NEGATIVE_INFINITY),
            window.size(),
            window.stride(),
            window.padding(),
            window.dilation(),
            false);
    Tensor found = element(results.get1());
    places = arePlacesRead ? hold(found) : save(pass, found);
    return element(results.get0());
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    give(input(), spread(pass, slope));
  }

  /**
   * Each value to the place of its window's maximum; the sum where windows overlap.
   *
   * @param values shaped as the output
   * @return shaped as the input
   */
  Tensor spread(Pass pass, Tensor values) {
    long[] padded = window.paddedShape(input().shape().asMap(), pass.samples());
    if (pass.device().mode().isAsOnGpu()) {
      return window.cut(OverlappingWindows.spread(pass, window, values, places, padded));
    }
    // Of the map that the pool has read only shape and order are asked for.
    Tensor shaped = pass.emptyMap(padded);
    return window.cut(
        torch.max_pool2d_with_indices_backward(
            values,
            shaped,
            window.size(),
            window.stride(),
            window.padding(),
            window.dilation(),
            false,
            places));
  }

  /**
   * The opposite of {@link #spread}: what is at the places of the maxima.
   *
   * @param map shaped as the input
   * @return shaped as the output
   */
  Tensor collect(Pass pass, Tensor map) {
    long[] rows = {pass.samples(), shape().channels(), -1};
    Tensor values = window.padded(map, 0).reshape(rows).gather(2, places.reshape(rows));
    return pass.inMapOrder(values.view(shape(pass)));
  }
}
