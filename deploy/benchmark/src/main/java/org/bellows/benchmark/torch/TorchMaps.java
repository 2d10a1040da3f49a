// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.torch;

import org.bellows.models.graph.NetworkGraph.Vertex;
import org.bellows.models.layer.AdaptiveAverage;
import org.bellows.models.layer.Crop;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.layer.Resampling;
import org.bellows.models.layer.Unpool;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The layers, without parameters, that give maps of another height and width. */
final class TorchMaps {
  private static final int ROWS = 2;
  private static final int COLUMNS = 3;

  private final TorchPlaces places;
  private final Vertex vertex;

  /**
   * @param places knows which pools keep the places of their maxima
   */
  TorchMaps(TorchPlaces places, Vertex vertex) {
    this.places = places;
    this.vertex = vertex;
  }

  private LayerShape.FeatureMap map(int input) {
    return vertex.inputShapes().get(input).asMap();
  }

  TorchOperation.TensorFunction crop(Crop layer) {
    LayerShape.FeatureMap size = map(1);
    int top = layer.top(map(0), size);
    int left = layer.left(map(0), size);
    return (inputs, training) -> {
      try (Tensor rows = inputs.get(0).narrow(ROWS, top, size.height())) {
        return rows.narrow(COLUMNS, left, size.width());
      }
    };
  }

  TorchOperation.TensorFunction resize(Resampling layer) {
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

  TorchOperation.TensorFunction adaptiveAverage(AdaptiveAverage layer) {
    return (inputs, training) ->
        torch.adaptive_avg_pool2d(inputs.get(0), layer.bins(), layer.bins());
  }

  TorchOperation.TensorFunction unpool(Unpool layer) {
    LayerShape.FeatureMap size = map(1);
    TorchPlaces.Places found = places.of(vertex.inputs().get(1), layer.pool());
    return (inputs, training) ->
        torch.max_unpool2d(inputs.get(0), found.get(), size.height(), size.width());
  }

  TorchOperation.TensorFunction pool(Pool layer) {
    if (layer.roundsUp() && layer.type() == PoolingType.AVG) {
      throw TorchLayers.unknown(vertex);
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
}
