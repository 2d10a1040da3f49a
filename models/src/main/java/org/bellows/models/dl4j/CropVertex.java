// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** {@link org.bellows.models.layer.Crop} in DL4J, whose own layer knows no second input. */
final class CropVertex extends ArrayVertex {
  private static final long serialVersionUID = 1L;

  private final int top;
  private final int left;
  private final LayerShape.FeatureMap shape;

  /**
   * @param shape of one sample's output
   */
  CropVertex(int top, int left, LayerShape.FeatureMap shape) {
    this.top = top;
    this.left = left;
    this.shape = shape;
  }

  @Override
  Object identity() {
    return List.of(top, left, shape);
  }

  @Override
  int inputs() {
    return 2;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
    return InputType.convolutional(shape.height(), shape.width(), shape.channels());
  }

  @Override
  ArrayVertexRun run(ComputationGraph graph, String name, int index, DataType type) {
    return new Run(graph, name, index, type);
  }

  @SuppressWarnings("overrides")
  private final class Run extends ArrayVertexRun {
    Run(ComputationGraph graph, String name, int index, DataType type) {
      super(graph, name, index, type);
    }

    @Override
    long[] outputShape() {
      return shape.batch(inputs[0].size(0));
    }

    @Override
    void forward(boolean training, INDArray output) {
      output.assign(inputs[0].get(part()));
    }

    @Override
    void backward(INDArray epsilon, INDArray[] gradients) {
      gradients[0].assign(0);
      gradients[0].get(part()).assign(epsilon);
      gradients[1].assign(0);
    }

    private INDArrayIndex[] part() {
      INDArrayIndex all = NDArrayIndex.all();
      return new INDArrayIndex[] {
        all,
        all,
        NDArrayIndex.interval(top, top + shape.height()),
        NDArrayIndex.interval(left, left + shape.width())
      };
    }
  }
}
