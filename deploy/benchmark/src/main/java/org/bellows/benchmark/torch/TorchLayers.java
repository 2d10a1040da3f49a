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
import org.bellows.models.layer.PoolingType;
import org.bellows.models.layer.Resampling;
import org.bellows.models.layer.Scale;
import org.bellows.models.layer.SoftmaxHead;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.layer.Sum;
import org.bellows.models.layer.TransposedConvolution;
import org.bellows.models.layer.Unpool;
import org.bellows.models.layer.ZeroPadding;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LocalResponseNormOptions;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
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
  private static final int ROWS = 2;
  private static final int COLUMNS = 3;

  private final TorchParameters parameters;
  private final TorchPlaces places;
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
    this.places = places;
    this.vertex = vertex;
    this.isOverwritable = isOverwritable;
    this.name = vertex.name();
  }

  private IllegalArgumentException unknown() {
    return new IllegalArgumentException(
        "no translation to PyTorch of vertex %s: %s".formatted(name, vertex.layer()));
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
    LayerShape.FeatureMap size = map(1);
    int top = layer.top(map(0), size);
    int left = layer.left(map(0), size);
    return (inputs, training) -> {
      try (Tensor rows = inputs.get(0).narrow(ROWS, top, size.height())) {
        return rows.narrow(COLUMNS, left, size.width());
      }
    };
  }

  @Override
  public TorchOperation.TensorFunction resize(Resampling layer) {
    LayerShape.FeatureMap shape = vertex.shape().asMap();
    long[] size = {shape.height(), shape.width()};
    return switch (layer.interpolation()) {
      case NEAREST -> (inputs, training) -> torch.upsample_nearest2d(inputs.get(0), size);
      case BILINEAR -> (inputs, training) -> bilinear(inputs.get(0), size, false);
      case BILINEAR_ALIGNED -> (inputs, training) -> bilinear(inputs.get(0), size, true);
    };
  }

  private static Tensor bilinear(Tensor input, long[] size, boolean aligned) {
    return torch.upsample_bilinear2d(
        input, size, aligned, new DoubleOptional(), new DoubleOptional());
  }

  @Override
  public TorchOperation.TensorFunction adaptiveAverage(AdaptiveAverage layer) {
    return (inputs, training) ->
        torch.adaptive_avg_pool2d(inputs.get(0), layer.bins(), layer.bins());
  }

  @Override
  public TorchOperation.TensorFunction unpool(Unpool layer) {
    LayerShape.FeatureMap size = map(1);
    TorchPlaces.Places found = places.of(vertex.inputs().get(1), layer.pool());
    return (inputs, training) ->
        torch.max_unpool2d(inputs.get(0), found.get(), size.height(), size.width());
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
  public TorchOperation.TensorFunction pool(Pool layer) {
    if (layer.roundsUp() && layer.type() == PoolingType.AVG) {
      throw unknown();
    }
    long[] kernel = {layer.window().height(), layer.window().width()};
    long[] stride = {layer.window().stride(), layer.window().stride()};
    long[] padding = {layer.top(map(0)), layer.left(map(0))};
    long[] dilation = {1, 1};
    boolean up = layer.roundsUp();
    TorchPlaces.Places found = places.of(vertex.from(), layer);
    if (found != null) {
      return (inputs, training) -> {
        T_TensorTensor_T pooled =
            torch.max_pool2d_with_indices(inputs.get(0), kernel, stride, padding, dilation, up);
        found.keep(pooled.get1());
        return pooled.get0();
      };
    }
    return switch (layer.type()) {
      case MAX ->
          (inputs, training) ->
              torch.max_pool2d(inputs.get(0), kernel, stride, padding, dilation, up);
      case AVG ->
          (inputs, training) ->
              torch.avg_pool2d(
                  inputs.get(0), kernel, stride, padding, false, false, new LongOptional());
    };
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
    throw unknown();
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
