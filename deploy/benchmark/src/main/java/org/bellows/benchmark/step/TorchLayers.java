// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import org.bellows.models.graph.NetworkGraph.Vertex;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.ActivationLayer;
import org.bellows.models.layer.AdaptiveAverage;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.ChannelRange;
import org.bellows.models.layer.ChannelScale;
import org.bellows.models.layer.Concatenation;
import org.bellows.models.layer.Convolution;
import org.bellows.models.layer.Crop;
import org.bellows.models.layer.Dense;
import org.bellows.models.layer.DenseHead;
import org.bellows.models.layer.Dropout;
import org.bellows.models.layer.GlobalAveragePool;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.LocalResponseNorm;
import org.bellows.models.layer.PixelHead;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.layer.Resampling;
import org.bellows.models.layer.Scale;
import org.bellows.models.layer.SoftmaxHead;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.layer.Sum;
import org.bellows.models.layer.TransposedConvolution;
import org.bellows.models.layer.Unpool;
import org.bellows.models.layer.ZeroPadding;

/**
 * One layer in PyTorch. Softmax is left to the loss, so that heads give logits. Throws
 * IllegalArgumentException for a layer that no network of the benchmark has.
 */
final class TorchLayers implements Layer.Visitor<TorchOperation.TensorFunction> {
  /** The axis by which DJL asks PyTorch for its own batch_norm, over axis 1. */
  private static final int CHANNELS = -1;

  private final TorchParameters parameters;
  private final TorchUnpooling unpooling;
  private final Vertex vertex;
  private final String name;

  /**
   * @param unpooling knows which pools keep the places of their maxima
   */
  TorchLayers(TorchParameters parameters, TorchUnpooling unpooling, Vertex vertex) {
    this.parameters = parameters;
    this.unpooling = unpooling;
    this.vertex = vertex;
    this.name = vertex.name();
  }

  private IllegalArgumentException unknown() {
    return new IllegalArgumentException(
        "no translation to PyTorch of vertex %s: %s".formatted(name, vertex.layer()));
  }

  @Override
  public TorchOperation.TensorFunction convolution(Convolution layer) {
    Kernel kernel = layer.window();
    NDArray filters =
        layer.isDepthwise()
            ? parameters.depthwise(
                name + "_W", layer.channels(), new long[] {kernel.height(), kernel.width()})
            : parameters.array(
                name + "_W",
                layer.channels(),
                vertex.inputShapes().get(0).asMap().channels(),
                kernel.height(),
                kernel.width());
    NDArray bias = layer.hasBias() ? parameters.array(name + "_b", layer.channels()) : null;
    Shape stride = stride(kernel);
    Shape padding = padding(kernel);
    Shape dilation = new Shape(kernel.dilation(), kernel.dilation());
    return activated(
        (inputs, training) ->
            Conv2d.conv2d(
                    inputs.get(0),
                    parameters.operand(filters, inputs.get(0)),
                    parameters.operand(bias, inputs.get(0)),
                    stride,
                    padding,
                    dilation,
                    layer.groups())
                .singletonOrThrow(),
        layer.activation());
  }

  @Override
  public TorchOperation.TensorFunction transposedConvolution(TransposedConvolution layer) {
    Kernel kernel = layer.window();
    NDArray filters =
        parameters.array(
            name + "_W",
            vertex.inputShapes().get(0).asMap().channels(),
            layer.channels() / layer.groups(),
            kernel.height(),
            kernel.width());
    NDArray bias = layer.hasBias() ? parameters.array(name + "_b", layer.channels()) : null;
    TorchOperators.Operator operator = parameters.operators().transposed(kernel, layer.groups());
    return activated(
        (inputs, training) ->
            bias == null
                ? operator
                    .apply(training, inputs.get(0), parameters.operand(filters, inputs.get(0)))
                    .get(0)
                : operator
                    .apply(
                        training,
                        inputs.get(0),
                        parameters.operand(filters, inputs.get(0)),
                        parameters.operand(bias, inputs.get(0)))
                    .get(0),
        layer.activation());
  }

  @Override
  public TorchOperation.TensorFunction crop(Crop layer) {
    return TorchResizing.crop(vertex, layer);
  }

  @Override
  public TorchOperation.TensorFunction resize(Resampling layer) {
    return TorchResizing.resize(vertex, parameters.operators(), layer);
  }

  @Override
  public TorchOperation.TensorFunction adaptiveAverage(AdaptiveAverage layer) {
    return TorchResizing.adaptiveAverage(layer);
  }

  @Override
  public TorchOperation.TensorFunction unpool(Unpool layer) {
    LayerShape.FeatureMap size = vertex.inputShapes().get(1).asMap();
    TorchUnpooling.Places places = unpooling.of(vertex.inputs().get(1), layer.pool());
    TorchOperators.Operator operator = parameters.operators().unpool(size);
    return (inputs, training) -> operator.apply(training, inputs.get(0), places.get()).get(0);
  }

  private static Shape stride(Kernel kernel) {
    return new Shape(kernel.stride(), kernel.stride());
  }

  private static Shape padding(Kernel kernel) {
    return new Shape(kernel.padHeight(), kernel.padWidth());
  }

  @Override
  public TorchOperation.TensorFunction dense(Dense layer) {
    return activated(linear(layer.units()), layer.activation());
  }

  @Override
  public TorchOperation.TensorFunction denseHead(DenseHead layer) {
    return linear(layer.classes());
  }

  @Override
  public TorchOperation.TensorFunction pixelHead(PixelHead layer) {
    return (inputs, training) -> inputs.get(0);
  }

  @Override
  public TorchOperation.TensorFunction softmaxHead(SoftmaxHead layer) {
    return (inputs, training) -> inputs.get(0);
  }

  private TorchOperation.TensorFunction linear(long units) {
    long features = vertex.inputShapes().get(0).elements();
    NDArray weights = parameters.array(name + "_W", units, features);
    NDArray bias = parameters.array(name + "_b", units);
    return (inputs, training) -> {
      NDArray input = inputs.get(0);
      NDArray flat = input.getShape().dimension() == 2 ? input : input.reshape(-1, features);
      return Linear.linear(
              flat, parameters.operand(weights, input), parameters.operand(bias, input))
          .singletonOrThrow();
    };
  }

  @Override
  public TorchOperation.TensorFunction batchNorm(BatchNorm layer) {
    long channels = parameters.length(name + "_gamma");
    NDArray gamma = parameters.array(name + "_gamma", channels);
    NDArray beta = parameters.array(name + "_beta", channels);
    NDArray mean = parameters.array(name + "_mean", channels);
    NDArray variance = parameters.array(name + "_var", channels);
    float decay = (float) layer.decay();
    float epsilon = (float) layer.epsilon();
    return (inputs, training) ->
        ai.djl.nn.norm.BatchNorm.batchNorm(
                inputs.get(0),
                mean,
                variance,
                gamma,
                beta,
                CHANNELS,
                decay,
                epsilon,
                training && !layer.isFrozen())
            .singletonOrThrow();
  }

  @Override
  public TorchOperation.TensorFunction pool(Pool layer) {
    TorchUnpooling.Places places = unpooling.of(vertex.from(), layer);
    if (places != null) {
      LayerShape.FeatureMap size = vertex.inputShapes().get(0).asMap();
      TorchOperators.Operator operator = parameters.operators().pool(layer, size);
      return (inputs, training) -> places.keep(operator.apply(training, inputs.get(0)));
    }
    if (layer.roundsUp() && layer.type() == PoolingType.AVG) {
      throw unknown();
    }
    LayerShape.FeatureMap map = vertex.inputShapes().get(0).asMap();
    Shape kernel = new Shape(layer.window().height(), layer.window().width());
    Shape stride = stride(layer.window());
    Shape padding = new Shape(layer.top(map), layer.left(map));
    return switch (layer.type()) {
      case MAX ->
          (inputs, training) ->
              ai.djl.nn.pooling.Pool.maxPool2d(
                  inputs.get(0), kernel, stride, padding, layer.roundsUp());
      case AVG ->
          (inputs, training) ->
              ai.djl.nn.pooling.Pool.avgPool2d(
                  inputs.get(0), kernel, stride, padding, false, false);
    };
  }

  @Override
  public TorchOperation.TensorFunction globalAverage(GlobalAveragePool layer) {
    return (inputs, training) -> ai.djl.nn.pooling.Pool.globalAvgPool2d(inputs.get(0));
  }

  @Override
  public TorchOperation.TensorFunction activation(ActivationLayer layer) {
    Elementwise function = elementwise(layer.activation());
    return (inputs, training) -> function.apply(inputs.get(0));
  }

  @Override
  public TorchOperation.TensorFunction dropout(Dropout layer) {
    float rate = (float) layer.probability();
    return (inputs, training) ->
        ai.djl.nn.norm.Dropout.dropout(inputs.get(0), rate, training).singletonOrThrow();
  }

  @Override
  public TorchOperation.TensorFunction sum(Sum layer) {
    return (inputs, training) -> NDArrays.add(inputs.toArray(NDArray[]::new));
  }

  @Override
  public TorchOperation.TensorFunction concatenation(Concatenation layer) {
    return (inputs, training) -> NDArrays.concat(new NDList(inputs.toArray(NDArray[]::new)), 1);
  }

  @Override
  public TorchOperation.TensorFunction scale(Scale layer) {
    return (inputs, training) -> inputs.get(0).mul((float) layer.factor());
  }

  @Override
  public TorchOperation.TensorFunction channelScale(ChannelScale layer) {
    return (inputs, training) -> {
      NDArray scales = inputs.get(1);
      long[] shape = {scales.getShape().get(0), scales.getShape().get(1), 1, 1};
      return inputs.get(0).mul(scales.reshape(shape));
    };
  }

  @Override
  public TorchOperation.TensorFunction channelRange(ChannelRange layer) {
    throw unknown();
  }

  @Override
  public TorchOperation.TensorFunction responseNorm(LocalResponseNorm layer) {
    TorchOperators.Operator operator = parameters.operators().responseNorm(layer);
    return (inputs, training) -> operator.apply(training, inputs.get(0)).get(0);
  }

  @Override
  public TorchOperation.TensorFunction stochasticDepth(StochasticDepth layer) {
    throw unknown();
  }

  @Override
  public TorchOperation.TensorFunction zeroPadding(ZeroPadding layer) {
    throw unknown();
  }

  /** A function of each element. */
  private interface Elementwise {
    NDArray apply(NDArray input);
  }

  private TorchOperation.TensorFunction activated(
      TorchOperation.TensorFunction inner, Activation activation) {
    if (activation == Activation.IDENTITY) {
      return inner;
    }
    Elementwise function = elementwise(activation);
    return (inputs, training) -> {
      try (NDArray argument = inner.apply(inputs, training)) {
        return function.apply(argument);
      }
    };
  }

  private Elementwise elementwise(Activation activation) {
    TorchOperators.Operator relu6 = parameters.operators().relu6();
    return switch (activation) {
      case IDENTITY -> input -> input;
      case RELU -> ai.djl.nn.Activation::relu;
      case RELU6 -> input -> relu6.apply(true, input).get(0);
      case TANH -> ai.djl.nn.Activation::tanh;
      case SIGMOID -> ai.djl.nn.Activation::sigmoid;
      case SWISH -> input -> ai.djl.nn.Activation.swish(input, 1);
    };
  }
}
