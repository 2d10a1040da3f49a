// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;

/** {@link DepthwiseShifts} with bias and activation as a layer of DL4J's at work. */
@SuppressWarnings("overrides") // DL4J's layers have equals without hashCode
final class DepthwiseRun extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;
  private static final String WEIGHTS = ConvolutionParamInitializer.WEIGHT_KEY;
  private static final String BIASES = ConvolutionParamInitializer.BIAS_KEY;

  private final transient DepthwiseShifts shifts;

  DepthwiseRun(NeuralNetConfiguration conf, DataType type, DepthwiseShifts shifts) {
    super(conf, type);
    this.shifts = shifts;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspace) {
    assertInputSet(false);
    INDArray linear = linear();
    INDArray output =
        workspace.createUninitialized(ArrayType.ACTIVATIONS, linear.dataType(), linear.shape());
    return output.assign(layerConf().getActivationFn().getActivation(linear, training));
  }

  private INDArray linear() {
    INDArray linear = shifts.forward(input, getParam(WEIGHTS));
    if (hasBias()) {
      INDArray bias = getParam(BIASES);
      Broadcast.add(linear, bias.reshape(bias.length()), linear, 1);
    }
    return linear;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspace) {
    assertInputSet(true);
    INDArray error = layerConf().getActivationFn().backprop(linear(), epsilon.dup('c')).getFirst();
    INDArray gradient = gradientViews.get(WEIGHTS);
    shifts.gradient(input, error, gradient);
    Gradient all = new DefaultGradient();
    if (hasBias()) {
      INDArray bias = gradientViews.get(BIASES);
      bias.assign(error.sum(0, 2, 3).reshape(bias.shape()));
      all.setGradientFor(BIASES, bias);
    }
    all.setGradientFor(WEIGHTS, gradient, 'c');
    INDArray incoming =
        workspace.createUninitialized(ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape());
    incoming.assign(shifts.backward(error, getParam(WEIGHTS), input));
    return new Pair<>(all, incoming);
  }
}
