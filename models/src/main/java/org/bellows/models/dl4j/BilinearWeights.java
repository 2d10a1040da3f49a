// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link org.bellows.models.layer.InitialWeights.Kind#BILINEAR} of [in, out, height, width]. */
final class BilinearWeights implements IWeightInit {
  private static final long serialVersionUID = 1L;

  @Override
  public INDArray init(double fanIn, double fanOut, long[] shape, char order, INDArray parameters) {
    INDArray weights = parameters.reshape(order, shape);
    weights.assign(0);
    for (long from = 0; from < shape[0]; from++) {
      long to = shape[1] == 1 ? 0 : from;
      for (long y = 0; to < shape[1] && y < shape[2]; y++) {
        for (long x = 0; x < shape[3]; x++) {
          double value = share(y, shape[2]) * share(x, shape[3]);
          weights.putScalar(new long[] {from, to, y, x}, value);
        }
      }
    }
    return weights;
  }

  /** 1 - |i - (k - 1) / 2| / ceil(k / 2). */
  private static double share(long i, long k) {
    long half = (k + 1) / 2;
    return 1 - Math.abs(i - (k - 1) / 2.0) / (double) half;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BilinearWeights;
  }

  @Override
  public int hashCode() {
    return BilinearWeights.class.hashCode();
  }
}
