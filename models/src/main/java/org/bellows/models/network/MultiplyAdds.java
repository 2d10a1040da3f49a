// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import org.bellows.models.graph.NetworkGraph.Vertex;
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

/**
 * The multiply-adds of one layer for one image, forward, as He et al. 2015 (Table 1) count them:
 * those of convolutions and dense layers.
 */
final class MultiplyAdds implements Layer.Visitor<Long> {
  private final Vertex vertex;

  private MultiplyAdds(Vertex vertex) {
    this.vertex = vertex;
  }

  static long of(Vertex vertex) {
    return vertex.layer().accept(new MultiplyAdds(vertex));
  }

  @Override
  public Long convolution(Convolution layer) {
    LayerShape.FeatureMap from = vertex.inputShapes().get(0).asMap();
    long seen = from.channels() / layer.groups();
    return vertex.shape().elements() * layer.window().area() * seen;
  }

  /** Each pixel that is read meets each weight of its channel once. */
  @Override
  public Long transposedConvolution(TransposedConvolution layer) {
    long reached = layer.channels() / layer.groups();
    return vertex.inputShapes().get(0).elements() * layer.window().area() * reached;
  }

  @Override
  public Long dense(Dense layer) {
    return ofMatrix();
  }

  @Override
  public Long denseHead(DenseHead layer) {
    return ofMatrix();
  }

  private long ofMatrix() {
    return vertex.inputShapes().get(0).elements() * vertex.shape().elements();
  }

  @Override
  public Long adaptiveAverage(AdaptiveAverage layer) {
    return 0L;
  }

  @Override
  public Long crop(Crop layer) {
    return 0L;
  }

  @Override
  public Long resize(Resampling layer) {
    return 0L;
  }

  @Override
  public Long unpool(Unpool layer) {
    return 0L;
  }

  @Override
  public Long batchNorm(BatchNorm layer) {
    return 0L;
  }

  @Override
  public Long pool(Pool layer) {
    return 0L;
  }

  @Override
  public Long globalAverage(GlobalAveragePool layer) {
    return 0L;
  }

  @Override
  public Long activation(ActivationLayer layer) {
    return 0L;
  }

  @Override
  public Long dropout(Dropout layer) {
    return 0L;
  }

  @Override
  public Long stochasticDepth(StochasticDepth layer) {
    return 0L;
  }

  @Override
  public Long sum(Sum layer) {
    return 0L;
  }

  @Override
  public Long concatenation(Concatenation layer) {
    return 0L;
  }

  @Override
  public Long scale(Scale layer) {
    return 0L;
  }

  @Override
  public Long channelRange(ChannelRange layer) {
    return 0L;
  }

  @Override
  public Long channelScale(ChannelScale layer) {
    return 0L;
  }

  @Override
  public Long responseNorm(LocalResponseNorm layer) {
    return 0L;
  }

  @Override
  public Long zeroPadding(ZeroPadding layer) {
    return 0L;
  }

  @Override
  public Long pixelHead(PixelHead layer) {
    return 0L;
  }

  @Override
  public Long softmaxHead(SoftmaxHead layer) {
    return 0L;
  }
}
