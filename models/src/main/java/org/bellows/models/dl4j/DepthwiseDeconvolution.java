// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import java.util.Collection;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LayerShape;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A transposed convolution with one kernel a channel, which DL4J does not have. Its weights are
 * [channels, 1, height, width].
 */
final class DepthwiseDeconvolution extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  private final DepthwiseShifts shifts;
  private final LayerShape.FeatureMap shape;

  /**
   * @param shape of one sample's output
   */
  DepthwiseDeconvolution(Kernel kernel, LayerShape.FeatureMap shape) {
    super(new Builder(kernel.height(), kernel.width()).nIn(1).nOut(shape.channels()));
    this.shape = shape;
    this.shifts = new DepthwiseShifts(kernel, true, shape);
  }

  /** One channel a kernel, whatever comes in. */
  @Override
  public void setNIn(InputType inputType, boolean override) {}

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return InputType.convolutional(shape.height(), shape.width(), shape.channels());
  }

  @Override
  public ParamInitializer initializer() {
    return ConvolutionParamInitializer.getInstance();
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
