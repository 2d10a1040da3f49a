// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import java.util.Collection;
import java.util.Map;
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

  private final LayerShape.FeatureMap shape;

  /**
   * @param builder with kernel, stride and padding
   * @param shape of one sample's output
   */
  DepthwiseDeconvolution(Builder builder, LayerShape.FeatureMap shape) {
    super(builder.nIn(1).nOut(shape.channels()));
    this.shape = shape;
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
    DepthwiseDeconvolutionRun layer = new DepthwiseDeconvolutionRun(conf, type, shape);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    Map<String, INDArray> table = initializer().init(conf, parameters, initialise);
    layer.setParamTable(table);
    layer.setConf(conf);
    return layer;
  }
}
