// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

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

/** Describes a layer in a few words for a person. */
final class LayerDescription implements Layer.Visitor<String> {

  static String of(Layer layer) {
    return layer.accept(new LayerDescription());
  }

  @Override
  public String convolution(Convolution layer) {
    return (layer.isDepthwise() ? "depthwise " : "convolution ")
        + window(layer.window())
        + activation(layer.activation());
  }

  @Override
  public String transposedConvolution(TransposedConvolution layer) {
    return (layer.isDepthwise() ? "depthwise transposed " : "transposed convolution ")
        + window(layer.window())
        + activation(layer.activation())
        + (layer.isTrained() ? "" : " frozen");
  }

  @Override
  public String crop(Crop layer) {
    return layer.isCentral()
        ? "central crop"
        : "crop from row %d, column %d".formatted(layer.top(), layer.left());
  }

  @Override
  public String resize(Resampling layer) {
    String resize = "resize " + layer.interpolation();
    return layer.isLikeSecond() ? resize : resize + " x" + factor(layer.factor());
  }

  private static String factor(double factor) {
    return factor == Math.rint(factor) ? Long.toString((long) factor) : Double.toString(factor);
  }

  @Override
  public String unpool(Unpool layer) {
    return "unpool " + window(layer.pool().window());
  }

  @Override
  public String adaptiveAverage(AdaptiveAverage layer) {
    return "average over %d x %d bins".formatted(layer.bins(), layer.bins());
  }

  @Override
  public String dense(Dense layer) {
    return "dense" + activation(layer.activation());
  }

  @Override
  public String batchNorm(BatchNorm layer) {
    return switch (layer.moments()) {
      case LANE -> "batch normalisation";
      case GLOBAL_BATCH -> "batch normalisation, over all lanes";
      case FROZEN -> "batch normalisation, frozen";
    };
  }

  @Override
  public String pool(Pool layer) {
    return layer.type() + " pool " + window(layer.window());
  }

  @Override
  public String globalAverage(GlobalAveragePool layer) {
    return "global average";
  }

  @Override
  public String activation(ActivationLayer layer) {
    return layer.activation().toString();
  }

  @Override
  public String dropout(Dropout layer) {
    return "dropout " + Math.round(100 * layer.probability()) + " %";
  }

  @Override
  public String stochasticDepth(StochasticDepth layer) {
    return "stochastic depth";
  }

  @Override
  public String sum(Sum layer) {
    return "add";
  }

  @Override
  public String concatenation(Concatenation layer) {
    return "concatenation";
  }

  @Override
  public String scale(Scale layer) {
    return "scale";
  }

  @Override
  public String channelRange(ChannelRange layer) {
    return "channel range";
  }

  @Override
  public String channelScale(ChannelScale layer) {
    return "channel scale";
  }

  @Override
  public String responseNorm(LocalResponseNorm layer) {
    return "local response norm";
  }

  @Override
  public String zeroPadding(ZeroPadding layer) {
    return "zero padding";
  }

  @Override
  public String denseHead(DenseHead layer) {
    return "dense softmax";
  }

  @Override
  public String pixelHead(PixelHead layer) {
    return "softmax of each pixel";
  }

  @Override
  public String softmaxHead(SoftmaxHead layer) {
    return "softmax";
  }

  private static String activation(Activation activation) {
    return activation == Activation.IDENTITY ? "" : " " + activation;
  }

  private static String window(Kernel kernel) {
    String size = kernel.height() + "x" + kernel.width();
    String strided = kernel.stride() == 1 ? size : size + " /" + kernel.stride();
    return kernel.dilation() == 1 ? strided : strided + " dilation " + kernel.dilation();
  }
}
