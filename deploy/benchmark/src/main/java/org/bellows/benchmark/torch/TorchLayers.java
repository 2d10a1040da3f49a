// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.torch;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
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
import org.bellows.models.layer.Resampling;
import org.bellows.models.layer.Scale;
import org.bellows.models.layer.SoftmaxHead;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.layer.Sum;
import org.bellows.models.layer.TransposedConvolution;
import org.bellows.models.layer.Unpool;
import org.bellows.models.layer.ZeroPadding;
import org.bytedeco.pytorch.LocalResponseNormOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * One layer in PyTorch. Softmax is left to the loss, so that heads give logits. Throws
 * IllegalArgumentException for a layer that no network of the benchmark has.
 */
final class TorchLayers implements Layer.Visitor<TorchOperation.TensorFunction> {
  private static final int CHANNELS = 1;

  private final TorchParameters parameters;
  private final TorchMaps maps;
  private final Vertex vertex;
  private final boolean isOverwritable;
  private final String name;

  /**
   * @param places knows which pools keep the places of their maxima
   * @param isOverwritable whether the layer may put its result where its first input is
   */
  TorchLayers(
      TorchParameters parameters, TorchPlaces places, Vertex vertex, boolean isOverwritable) {
    this.parameters = parameters;
    this.maps = new TorchMaps(places, vertex);
    this.vertex = vertex;
    this.isOverwritable = isOverwritable;
    this.name = vertex.name();
  }

  static IllegalArgumentException unknown(Vertex vertex) {
    return new IllegalArgumentException(
        "no translation to PyTorch of vertex %s: %s".formatted(vertex.name(), vertex.layer()));
  }

  private LayerShape.FeatureMap map(int input) {
    return vertex.inputShapes().get(input).asMap();
  }

  @Override
  public TorchOperation.TensorFunction convolution(Convolution layer) {
    Kernel kernel = layer.window();
    Tensor filters =
        layer.isDepthwise()
            ? parameters.depthwise(name + "_W", layer.channels(), kernel.height(), kernel.width())
            : parameters.array(
                name + "_W",
                layer.channels(),
                map(0).channels() / layer.groups(),
                kernel.height(),
                kernel.width());
    Tensor bias = layer.hasBias() ? parameters.array(name + "_b", layer.channels()) : null;
    long[] stride = {kernel.stride(), kernel.stride()};
    long[] padding = {kernel.padHeight(), kernel.padWidth()};
    long[] dilation = {kernel.dilation(), kernel.dilation()};
    return activated(
        (inputs, training) ->
            torch.conv2d(
                inputs.get(0),
                parameters.operand(filters),
                parameters.optional(bias),
                stride,
                padding,
                dilation,
                layer.groups()),
        layer.activation());
  }

  @Override
  public TorchOperation.TensorFunction transposedConvolution(TransposedConvolution layer) {
    Kernel kernel = layer.window();
    Tensor filters =
        parameters.array(
            name + "_W",
            map(0).channels(),
            layer.channels() / layer.groups(),
            kernel.height(),
            kernel.width());
    Tensor bias = layer.hasBias() ? parameters.array(name + "_b", layer.channels()) : null;
    long[] stride = {kernel.stride(), kernel.stride()};
    long[] padding = {kernel.padHeight(), kernel.padWidth()};
    return activated(
        (inputs, training) ->
            torch.conv_transpose2d(
                inputs.get(0),
                parameters.operand(filters),
                parameters.optional(bias),
                stride,
                padding,
                new long[] {0, 0},
                layer.groups(),
                1,
                1),
        layer.activation());
  }

  @Override
  public TorchOperation.TensorFunction crop(Crop layer) {
    return maps.crop(layer);
  }

  @Override
  public TorchOperation.TensorFunction resize(Resampling layer) {
    return maps.resize(layer);
  }

  @Override
  public TorchOperation.TensorFunction adaptiveAverage(AdaptiveAverage layer) {
    return maps.adaptiveAverage(layer);
  }

  @Override
  public TorchOperation.TensorFunction unpool(Unpool layer) {
    return maps.unpool(layer);
  }

  @Override
  public TorchOperation.TensorFunction pool(Pool layer) {
    return maps.pool(layer);
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
    Tensor weights = parameters.array(name + "_W", units, features);
    Tensor bias = parameters.array(name + "_b", units);
    return (inputs, training) -> {
      Tensor input = inputs.get(0);
      Tensor rows = input.dim() == 2 ? input : input.reshape(-1, features);
      return torch.linear(rows, parameters.operand(weights), parameters.optional(bias));
    };
  }

  @Override
  public TorchOperation.TensorFunction batchNorm(BatchNorm layer) {
    long channels = parameters.length(name + "_gamma");
    TensorOptional gamma = new TensorOptional(parameters.array(name + "_gamma", channels));
    TensorOptional beta = new TensorOptional(parameters.array(name + "_beta", channels));
    TensorOptional mean = new TensorOptional(parameters.array(name + "_mean", channels));
    TensorOptional variance = new TensorOptional(parameters.array(name + "_var", channels));
    double momentum = 1 - layer.decay();
    return (inputs, training) ->
        torch.batch_norm(
            inputs.get(0),
            gamma,
            beta,
            mean,
            variance,
            training && !layer.isFrozen(),
            momentum,
            layer.epsilon(),
            false);
  }

  @Override
  public TorchOperation.TensorFunction globalAverage(GlobalAveragePool layer) {
    return (inputs, training) -> {
      try (Tensor pooled = torch.adaptive_avg_pool2d(inputs.get(0), 1, 1)) {
        return torch.flatten(pooled, 1, -1);
      }
    };
  }

  @Override
  public TorchOperation.TensorFunction activation(ActivationLayer layer) {
    UnaryOperator<Tensor> function = elementwise(layer.activation(), isOverwritable);
    return (inputs, training) -> function.apply(inputs.get(0));
  }

  @Override
  public TorchOperation.TensorFunction dropout(Dropout layer) {
    return (inputs, training) -> torch.dropout(inputs.get(0), layer.probability(), training);
  }

  @Override
  public TorchOperation.TensorFunction sum(Sum layer) {
    return (inputs, training) -> {
      Tensor sum = torch.add(inputs.get(0), inputs.get(1));
      for (Tensor more : inputs.subList(2, inputs.size())) {
        sum = torch.add(sum, more);
      }
      return sum;
    };
  }

  @Override
  public TorchOperation.TensorFunction concatenation(Concatenation layer) {
    return (inputs, training) ->
        torch.cat(new TensorVector(inputs.toArray(Tensor[]::new)), CHANNELS);
  }

  @Override
  public TorchOperation.TensorFunction scale(Scale layer) {
    return (inputs, training) -> torch.mul(inputs.get(0), new Scalar(layer.factor()));
  }

  @Override
  public TorchOperation.TensorFunction channelScale(ChannelScale layer) {
    return (inputs, training) -> {
      Tensor scales = inputs.get(1);
      return torch.mul(inputs.get(0), scales.reshape(scales.size(0), scales.size(1), 1, 1));
    };
  }

  @Override
  public TorchOperation.TensorFunction channelRange(ChannelRange layer) {
    return (inputs, training) -> inputs.get(0).narrow(CHANNELS, layer.first(), layer.channels());
  }

  /** PyTorch divides alpha by the number of channels that are summed. */
  @Override
  public TorchOperation.TensorFunction responseNorm(LocalResponseNorm layer) {
    LocalResponseNormOptions options = new LocalResponseNormOptions(LocalResponseNorm.CHANNELS);
    options.alpha().put(LocalResponseNorm.CHANNELS * layer.alpha());
    options.beta().put(LocalResponseNorm.BETA);
    options.k().put(layer.k());
    return (inputs, training) -> torch.local_response_norm(inputs.get(0), options);
  }

  @Override
  public TorchOperation.TensorFunction stochasticDepth(StochasticDepth layer) {
    throw unknown(vertex);
  }

  @Override
  public TorchOperation.TensorFunction zeroPadding(ZeroPadding layer) {
    long[] sides = {layer.left(), layer.right(), layer.top(), layer.bottom()};
    return (inputs, training) -> torch.constant_pad_nd(inputs.get(0), sides, new Scalar(0f));
  }

  private static TorchOperation.TensorFunction activated(
      TorchOperation.TensorFunction inner, Activation activation) {
    if (activation == Activation.IDENTITY) {
      return inner;
    }
    UnaryOperator<Tensor> function = elementwise(activation, true);
    return (inputs, training) -> function.apply(inner.apply(inputs, training));
  }

  /**
   * @param inPlace whether the argument may become the result
   */
  private static UnaryOperator<Tensor> elementwise(Activation activation, boolean inPlace) {
    return switch (activation) {
      case IDENTITY -> argument -> argument;
      case RELU -> inPlace ? overwritten(torch::relu_) : torch::relu;
      case RELU6 -> inPlace ? overwritten(torch::relu6_) : torch::relu6;
      case TANH -> inPlace ? overwritten(torch::tanh_) : torch::tanh;
      case SIGMOID -> inPlace ? overwritten(torch::sigmoid_) : torch::sigmoid;
      case SWISH -> inPlace ? overwritten(torch::silu_) : torch::silu;
    };
  }

  /** The binding gives another Java object for the same tensor, which does not keep it. */
  private static UnaryOperator<Tensor> overwritten(Consumer<Tensor> inPlace) {
    return argument -> {
      inPlace.accept(argument);
      return argument;
    };
  }
}
