// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import org.bellows.models.layer.LayerShape;
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
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * {@link DepthwiseDeconvolution} at work. Each weight w[c, i, j] moves the map: output[c, i * d + y
 * * s - p, j * d + x * s - p] += w[c, i, j] * input[c, y, x], one weight after the other.
 */
@SuppressWarnings("overrides") // DL4J's layers have equals without hashCode
final class DepthwiseDeconvolutionRun extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  private final transient LayerShape.FeatureMap shape;

  /**
   * @param shape of one sample's output
   */
  DepthwiseDeconvolutionRun(
      NeuralNetConfiguration conf, DataType type, LayerShape.FeatureMap shape) {
    super(conf, type);
    this.shape = shape;
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
    INDArray frame = frame();
    INDArray weights = getParam(ConvolutionParamInitializer.WEIGHT_KEY);
    for (int i = 0; i < kernel(0); i++) {
      for (int j = 0; j < kernel(1); j++) {
        INDArray moved = input.dup('c');
        Broadcast.mul(input, weight(weights, i, j), moved, 1);
        frame.get(place(i, j)).addi(moved);
      }
    }
    INDArray linear = frame.get(inside()).dup('c');
    if (hasBias()) {
      INDArray bias = getParam(ConvolutionParamInitializer.BIAS_KEY);
      Broadcast.add(linear, bias.reshape(bias.length()), linear, 1);
    }
    return linear;
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspace) {
    assertInputSet(true);
    INDArray error = layerConf().getActivationFn().backprop(linear(), epsilon.dup('c')).getFirst();
    INDArray frame = frame();
    frame.get(inside()).assign(error);
    INDArray weights = getParam(ConvolutionParamInitializer.WEIGHT_KEY);
    INDArray gradient = gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY);
    INDArray incoming =
        workspace.createUninitialized(ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape());
    incoming.assign(0);
    for (int i = 0; i < kernel(0); i++) {
      for (int j = 0; j < kernel(1); j++) {
        INDArray seen = frame.get(place(i, j)).dup('c');
        gradient.get(kernelPixel(i, j)).assign(seen.mul(input).sum(0, 2, 3));
        Broadcast.mul(seen, weight(weights, i, j), seen, 1);
        incoming.addi(seen);
      }
    }
    Gradient all = new DefaultGradient();
    if (hasBias()) {
      INDArray bias = gradientViews.get(ConvolutionParamInitializer.BIAS_KEY);
      bias.assign(error.sum(0, 2, 3).reshape(bias.shape()));
      all.setGradientFor(ConvolutionParamInitializer.BIAS_KEY, bias);
    }
    all.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, gradient, 'c');
    return new Pair<>(all, incoming);
  }

  private int kernel(int axis) {
    return layerConf().getKernelSize()[axis];
  }

  /** The output with its padding, zeros. */
  private INDArray frame() {
    int[] padding = layerConf().getPadding();
    return Nd4j.zeros(
        input.dataType(),
        input.size(0),
        input.size(1),
        shape.height() + 2L * padding[0],
        shape.width() + 2L * padding[1]);
  }

  private INDArrayIndex[] inside() {
    int[] padding = layerConf().getPadding();
    return new INDArrayIndex[] {
      NDArrayIndex.all(),
      NDArrayIndex.all(),
      NDArrayIndex.interval(padding[0], padding[0] + shape.height()),
      NDArrayIndex.interval(padding[1], padding[1] + shape.width())
    };
  }

  /** Where the input goes by the weight at (i, j). */
  private INDArrayIndex[] place(int i, int j) {
    return new INDArrayIndex[] {NDArrayIndex.all(), NDArrayIndex.all(), moved(i, 0), moved(j, 1)};
  }

  private INDArrayIndex moved(int pixel, int axis) {
    int first = pixel * layerConf().getDilation()[axis];
    int stride = layerConf().getStride()[axis];
    long last = first + (input.size(axis + 2) - 1) * stride;
    return NDArrayIndex.interval(first, stride, last + 1);
  }

  private static INDArrayIndex[] kernelPixel(int i, int j) {
    return new INDArrayIndex[] {
      NDArrayIndex.all(), NDArrayIndex.point(0), NDArrayIndex.point(i), NDArrayIndex.point(j)
    };
  }

  /** [channels]. */
  private static INDArray weight(INDArray weights, int i, int j) {
    return weights.get(kernelPixel(i, j)).dup('c');
  }
}
