// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.onnx;

import org.bellows.models.layer.BatchNorm;

/**
 * BatchNorm in inference as one multiply-add a channel, y = s x + t with s = gamma / sqrt(variance
 * + epsilon) and t = beta - s mean, which the convolution before it can take over: Jacob et al.,
 * "Quantization and Training of Neural Networks", 2018, equation 14.
 *
 * @param scale s, by channel
 * @param shift t, by channel
 */
record FoldedBatchNorm(double[] scale, double[] shift) {

  static FoldedBatchNorm of(Parameters parameters, String name, BatchNorm layer) {
    float[] gamma = parameters.values(name, BatchNorm.GAMMA);
    float[] beta = parameters.values(name, BatchNorm.BETA);
    float[] mean = parameters.values(name, BatchNorm.MEAN);
    float[] variance = parameters.values(name, BatchNorm.VARIANCE);
    double[] scale = new double[gamma.length];
    double[] shift = new double[gamma.length];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = gamma[i] / Math.sqrt(variance[i] + layer.epsilon());
      shift[i] = beta[i] - scale[i] * mean[i];
    }
    return new FoldedBatchNorm(scale, shift);
  }

  /**
   * @param weights [channels, ..], multiplied here
   * @param bias [channels] of the convolution; null: none
   * @return the bias [channels] that it has now
   */
  float[] foldInPlace(float[] weights, float[] bias) {
    float[] folded = new float[scale.length];
    int filter = weights.length / scale.length;
    for (int i = 0; i < scale.length; i++) {
      for (int j = i * filter; j < (i + 1) * filter; j++) {
        weights[j] = (float) (weights[j] * scale[i]);
      }
      folded[i] = (float) (shift[i] + (bias == null ? 0 : scale[i] * bias[i]));
    }
    return folded;
  }
}
