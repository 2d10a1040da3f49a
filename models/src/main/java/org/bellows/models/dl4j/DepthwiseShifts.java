// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import java.io.Serializable;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LayerShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A convolution with one kernel a channel as sums of shifted maps, one weight after the other. With
 * stride s, dilation d and padding p a small map y and a large one x are tied by
 *
 * <pre>
 * y[c, i, j]                             += w[c, u, v] * x[c, i * s + u * d - p, j * s + v * d - p]
 * x[c, i * s + u * d - p, j * s + v * d - p] += w[c, u, v] * y[c, i, j]            transposed
 * </pre>
 */
final class DepthwiseShifts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final transient Kernel kernel;
  private final transient boolean transposed;
  private final transient LayerShape.FeatureMap shape;

  /**
   * @param shape of one sample's output
   */
  DepthwiseShifts(Kernel kernel, boolean transposed, LayerShape.FeatureMap shape) {
    this.kernel = kernel;
    this.transposed = transposed;
    this.shape = shape;
  }

  /** One weight and where it moves the small map to in the frame of the large one. */
  private interface Shift {
    void at(INDArrayIndex[] weight, INDArrayIndex[] place);
  }

  private void each(long height, long width, Shift shift) {
    for (int u = 0; u < kernel.height(); u++) {
      for (int v = 0; v < kernel.width(); v++) {
        INDArrayIndex all = NDArrayIndex.all();
        INDArrayIndex[] place = {
          all,
          all,
          moved((long) u * kernel.dilation(), height),
          moved((long) v * kernel.dilation(), width)
        };
        INDArrayIndex row = NDArrayIndex.point(u);
        INDArrayIndex column = NDArrayIndex.point(v);
        INDArrayIndex one = NDArrayIndex.point(0);
        // [channels, 1, height, width] and [height, width, channels, 1].
        shift.at(
            transposed
                ? new INDArrayIndex[] {all, one, row, column}
                : new INDArrayIndex[] {row, column, all, one},
            place);
      }
    }
  }

  private INDArrayIndex moved(long first, long side) {
    return NDArrayIndex.interval(first, kernel.stride(), first + (side - 1) * kernel.stride() + 1);
  }

  /** The large map with its padding: zeros around it, and inside where {@code map} is null. */
  private INDArray frame(INDArray map, INDArray like, long height, long width) {
    INDArray frame =
        Nd4j.zeros(
            like.dataType(),
            like.size(0),
            like.size(1),
            height + 2L * kernel.padHeight(),
            width + 2L * kernel.padWidth());
    if (map != null) {
      frame.get(inside(height, width)).assign(map);
    }
    return frame;
  }

  private INDArrayIndex[] inside(long height, long width) {
    return new INDArrayIndex[] {
      NDArrayIndex.all(),
      NDArrayIndex.all(),
      NDArrayIndex.interval(kernel.padHeight(), kernel.padHeight() + height),
      NDArrayIndex.interval(kernel.padWidth(), kernel.padWidth() + width)
    };
  }

  /** The output of an input. */
  INDArray forward(INDArray input, INDArray weights) {
    return transposed
        ? spread(input, weights, shape.height(), shape.width())
        : collect(input, weights, shape.height(), shape.width());
  }

  /** The input's error of the output's. */
  INDArray backward(INDArray error, INDArray weights, INDArray input) {
    return transposed
        ? collect(error, weights, input.size(2), input.size(3))
        : spread(error, weights, input.size(2), input.size(3));
  }

  /**
   * @param gradient of the weights, filled
   */
  void gradient(INDArray input, INDArray error, INDArray gradient) {
    INDArray small = transposed ? input : error;
    INDArray large = transposed ? error : input;
    INDArray frame = frame(large, large, large.size(2), large.size(3));
    each(
        small.size(2),
        small.size(3),
        (weight, place) -> gradient.get(weight).assign(frame.get(place).mul(small).sum(0, 2, 3)));
  }

  private INDArray spread(INDArray small, INDArray weights, long height, long width) {
    INDArray frame = frame(null, small, height, width);
    each(
        small.size(2),
        small.size(3),
        (weight, place) -> frame.get(place).addi(times(small, weights.get(weight))));
    return frame.get(inside(height, width)).dup('c');
  }

  private INDArray collect(INDArray large, INDArray weights, long height, long width) {
    INDArray frame = frame(large, large, large.size(2), large.size(3));
    INDArray sum = Nd4j.zeros(large.dataType(), large.size(0), large.size(1), height, width);
    each(height, width, (weight, place) -> sum.addi(times(frame.get(place), weights.get(weight))));
    return sum;
  }

  /**
   * @param weight [channels]
   */
  private static INDArray times(INDArray map, INDArray weight) {
    INDArray product = map.dup('c');
    return Broadcast.mul(product, weight.dup('c').reshape(weight.length()), product, 1);
  }
}
