// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * The computation of one vertex of a network. Maps are [n, channels, height, width], vectors [n,
 * length]; where a layer takes vectors and is given maps, they are flattened, channels outermost.
 */
public sealed interface Layer
    permits ActivationLayer,
        AdaptiveAverage,
        BatchNorm,
        ChannelRange,
        ChannelScale,
        Concatenation,
        Convolution,
        Crop,
        Dense,
        DenseHead,
        Dropout,
        GlobalAveragePool,
        PixelHead,
        Pool,
        Resampling,
        LocalResponseNorm,
        Scale,
        SoftmaxHead,
        StochasticDepth,
        Sum,
        TransposedConvolution,
        Unpool,
        ZeroPadding {

  /**
   * The shape of one sample's output.
   *
   * @param inputs of one sample, in the order in which the layer reads them
   * @throws IllegalArgumentException when the layer cannot read them
   */
  LayerShape output(List<LayerShape> inputs);

  /**
   * The arrays of the layer's parameters, in the order of the network's flat vector.
   *
   * @param inputs as for {@link #output}
   */
  default List<ParameterArray> parameters(List<LayerShape> inputs) {
    return List.of();
  }

  <R> R accept(Visitor<R> visitor);

  /**
   * One answer a kind of layer.
   *
   * @param <R> the answer
   */
  interface Visitor<R> {
    R activation(ActivationLayer layer);

    R adaptiveAverage(AdaptiveAverage layer);

    R batchNorm(BatchNorm layer);

    R channelRange(ChannelRange layer);

    R channelScale(ChannelScale layer);

    R concatenation(Concatenation layer);

    R convolution(Convolution layer);

    R crop(Crop layer);

    R dense(Dense layer);

    R denseHead(DenseHead layer);

    R dropout(Dropout layer);

    R globalAverage(GlobalAveragePool layer);

    R pixelHead(PixelHead layer);

    R pool(Pool layer);

    R resize(Resampling layer);

    R responseNorm(LocalResponseNorm layer);

    R scale(Scale layer);

    R softmaxHead(SoftmaxHead layer);

    R stochasticDepth(StochasticDepth layer);

    R sum(Sum layer);

    R transposedConvolution(TransposedConvolution layer);

    R unpool(Unpool layer);

    R zeroPadding(ZeroPadding layer);
  }
}
