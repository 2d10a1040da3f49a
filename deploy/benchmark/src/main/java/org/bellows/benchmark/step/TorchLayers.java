package org.bellows.benchmark.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** DL4J's layers in PyTorch. Softmax is left to the loss, so that heads give logits. */
final class TorchLayers {
  private static final Shape ONE = new Shape(1, 1);

  /** The axis by which DJL asks PyTorch for its own batch_norm, over axis 1. */
  private static final int CHANNELS = -1;

  private final TorchParameters parameters;

  TorchLayers(TorchParameters parameters) {
    this.parameters = parameters;
  }

  /**
   * @throws IllegalArgumentException for a layer that no network of the benchmark has
   */
  TorchOperation.Function translate(String name, Layer layer) {
    // DepthwiseConvolution2D and OutputLayer come before what they extend.
    if (layer instanceof DepthwiseConvolution2D depthwise) {
      NDArray filters =
          parameters.depthwise(name + "_W", depthwise.getNOut(), longs(depthwise.getKernelSize()));
      return convolution(name, depthwise, filters, Math.toIntExact(depthwise.getNOut()));
    } else if (layer instanceof ConvolutionLayer convolution) {
      long[] kernel = longs(convolution.getKernelSize());
      long maps = convolution.getNOut();
      long channels = parameters.length(name + "_W") / (maps * kernel[0] * kernel[1]);
      NDArray filters = parameters.array(name + "_W", maps, channels, kernel[0], kernel[1]);
      return convolution(name, convolution, filters, 1);
    } else if (layer instanceof OutputLayer head) {
      return linear(name, head);
    } else if (layer instanceof LossLayer) {
      return (inputs, training) -> inputs.get(0);
    } else if (layer instanceof DenseLayer dense) {
      return activated(linear(name, dense), dense);
    } else if (layer instanceof BatchNormalization norm) {
      return norm(name, norm);
    } else if (layer instanceof ActivationLayer activation) {
      Elementwise function = elementwise(activation.getActivationFn());
      return (inputs, training) -> function.apply(inputs.get(0));
    } else if (layer instanceof SubsamplingLayer pool) {
      return pool(pool);
    } else if (layer instanceof GlobalPoolingLayer pool
        && pool.getPoolingType() == PoolingType.AVG) {
      return (inputs, training) -> Pool.globalAvgPool2d(inputs.get(0));
    } else if (layer instanceof DropoutLayer drop
        && drop.getIDropout() instanceof org.deeplearning4j.nn.conf.dropout.Dropout kept) {
      float rate = (float) (1 - kept.getP());
      return (inputs, training) ->
          Dropout.dropout(inputs.get(0), rate, training).singletonOrThrow();
    }
    throw unknown(name, layer);
  }

  static IllegalArgumentException unknown(String name, Object what) {
    return new IllegalArgumentException(
        "no translation to PyTorch of vertex %s: %s".formatted(name, what));
  }

  private TorchOperation.Function convolution(
      String name, ConvolutionLayer layer, NDArray filters, int groups) {
    if (layer.getConvolutionMode() == ConvolutionMode.Same) {
      throw unknown(name, layer);
    }
    NDArray bias = layer.hasBias() ? parameters.array(name + "_b", layer.getNOut()) : null;
    Shape stride = new Shape(longs(layer.getStride()));
    Shape padding = new Shape(longs(layer.getPadding()));
    return activated(
        (inputs, training) ->
            Conv2d.conv2d(inputs.get(0), filters, bias, stride, padding, ONE, groups)
                .singletonOrThrow(),
        layer);
  }

  private TorchOperation.Function linear(String name, FeedForwardLayer layer) {
    long units = layer.getNOut();
    long features = parameters.length(name + "_W") / units;
    NDArray weights = parameters.array(name + "_W", units, features);
    NDArray bias = parameters.array(name + "_b", units);
    return (inputs, training) -> {
      NDArray input = inputs.get(0);
      NDArray flat = input.getShape().dimension() == 2 ? input : input.reshape(-1, features);
      return Linear.linear(flat, weights, bias).singletonOrThrow();
    };
  }

  private TorchOperation.Function norm(String name, BatchNormalization layer) {
    long channels = parameters.length(name + "_gamma");
    NDArray gamma = parameters.array(name + "_gamma", channels);
    NDArray beta = parameters.array(name + "_beta", channels);
    NDArray mean = parameters.array(name + "_mean", channels);
    NDArray variance = parameters.array(name + "_var", channels);
    float decay = (float) layer.getDecay();
    float epsilon = (float) layer.getEps();
    return (inputs, training) ->
        BatchNorm.batchNorm(
                inputs.get(0), mean, variance, gamma, beta, CHANNELS, decay, epsilon, training)
            .singletonOrThrow();
  }

  private static TorchOperation.Function pool(SubsamplingLayer layer) {
    if (layer.getConvolutionMode() == ConvolutionMode.Same) {
      throw unknown(layer.getLayerName(), layer);
    }
    Shape kernel = new Shape(longs(layer.getKernelSize()));
    Shape stride = new Shape(longs(layer.getStride()));
    Shape padding = new Shape(longs(layer.getPadding()));
    return switch (layer.getPoolingType()) {
      case MAX ->
          (inputs, training) -> Pool.maxPool2d(inputs.get(0), kernel, stride, padding, false);
      case AVG ->
          (inputs, training) ->
              Pool.avgPool2d(inputs.get(0), kernel, stride, padding, false, false);
      default -> throw unknown(layer.getLayerName(), layer.getPoolingType());
    };
  }

  /** A function of each element. */
  private interface Elementwise {
    NDArray apply(NDArray input);
  }

  private static TorchOperation.Function activated(TorchOperation.Function inner, BaseLayer layer) {
    if (layer.getActivationFn() instanceof ActivationIdentity) {
      return inner;
    }
    Elementwise function = elementwise(layer.getActivationFn());
    return (inputs, training) -> {
      try (NDArray argument = inner.apply(inputs, training)) {
        return function.apply(argument);
      }
    };
  }

  private static Elementwise elementwise(IActivation activation) {
    Class<?> kind = activation.getClass();
    if (kind == ActivationReLU.class) {
      return Activation::relu;
    } else if (kind == ActivationReLU6.class) {
      return input -> input.clip(0, 6);
    } else if (kind == ActivationTanH.class) {
      return Activation::tanh;
    } else if (kind == ActivationSigmoid.class) {
      return Activation::sigmoid;
    } else if (kind == ActivationSwish.class) {
      return input -> Activation.swish(input, 1);
    }
    throw unknown("with an activation", activation);
  }

  private static long[] longs(int[] values) {
    return new long[] {values[0], values[1]};
  }
}
