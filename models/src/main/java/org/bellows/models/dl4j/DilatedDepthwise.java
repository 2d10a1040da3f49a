// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import java.util.Collection;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LayerShape;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's depthwise convolution with arithmetic of our own: for a dilated one DL4J's native code
 * makes no descriptor in single precision. Weights and their start are DL4J's.
 */
final class DilatedDepthwise extends DepthwiseConvolution2D {
  private static final long serialVersionUID = 1L;

  private final DepthwiseShifts shifts;

  /**
   * @param builder of the same convolution without dilation
   * @param shape of one sample's output
   */
  DilatedDepthwise(Builder builder, Kernel kernel, LayerShape.FeatureMap shape) {
    super(builder);
    this.shifts = new DepthwiseShifts(kernel, false, shape);
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    return OwnLayers.ready(
        new DepthwiseRun(conf, type, shifts), conf, listeners, index, parameters, initialise);
  }
}
