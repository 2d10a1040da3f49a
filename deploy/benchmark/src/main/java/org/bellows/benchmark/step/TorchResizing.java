// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import org.bellows.models.graph.NetworkGraph.Vertex;
import org.bellows.models.layer.AdaptiveAverage;
import org.bellows.models.layer.Crop;
import org.bellows.models.layer.Interpolation;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.Resampling;

/** Operations that change the height and width of a map, in PyTorch. */
final class TorchResizing {
  /** DJL's numbers of PyTorch's ways to interpolate. */
  private static final int NEAREST = 0;

  private static final int BILINEAR = 1;

  private TorchResizing() {}

  static TorchOperation.TensorFunction crop(Vertex vertex, Crop layer) {
    LayerShape.FeatureMap map = vertex.inputShapes().get(0).asMap();
    LayerShape.FeatureMap size = vertex.inputShapes().get(1).asMap();
    int top = layer.top(map, size);
    int left = layer.left(map, size);
    NDIndex part =
        new NDIndex(
            ":, :, %d:%d, %d:%d".formatted(top, top + size.height(), left, left + size.width()));
    return (inputs, training) -> inputs.get(0).get(part);
  }

  static TorchOperation.TensorFunction resize(
      Vertex vertex, TorchOperators operators, Resampling layer) {
    LayerShape.FeatureMap shape = vertex.shape().asMap();
    long[] size = {shape.height(), shape.width()};
    if (layer.interpolation() == Interpolation.BILINEAR_ALIGNED) {
      TorchOperators.Operator operator = operators.aligned(shape);
      return (inputs, training) -> operator.apply(training, inputs.get(0)).get(0);
    }
    int mode = layer.interpolation() == Interpolation.NEAREST ? NEAREST : BILINEAR;
    return (inputs, training) ->
        inputs.get(0).getNDArrayInternal().interpolation(size, mode, false);
  }

  static TorchOperation.TensorFunction adaptiveAverage(AdaptiveAverage layer) {
    Shape bins = new Shape(layer.bins(), layer.bins());
    return (inputs, training) -> JniUtils.adaptiveAvgPool((PtNDArray) inputs.get(0), bins);
  }
}
