// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.Separable;
import org.bellows.models.layer.SideMap;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@link Separable} in DL4J, as products with dense matrices: Y = A X B^T. */
final class SeparableVertex extends ArrayVertex {
  private static final long serialVersionUID = 1L;

  private final Separable layer;
  private final int inputs;
  private final LayerShape.FeatureMap shape;

  /**
   * @param inputs of the vertex; the second gives only the size
   * @param shape of one sample's output
   */
  SeparableVertex(Separable layer, int inputs, LayerShape.FeatureMap shape) {
    this.layer = layer;
    this.inputs = inputs;
    this.shape = shape;
  }

  @Override
  Object identity() {
    return List.of(layer, inputs, shape);
  }

  @Override
  int inputs() {
    return inputs;
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
      output.assign(product(matrix(2, shape.height()), inputs[0], matrix(3, shape.width())));
    }

    /** A^T E B. */
    @Override
    void backward(INDArray epsilon, INDArray[] gradients) {
      INDArray down = matrix(2, shape.height()).transpose();
      INDArray across = matrix(3, shape.width()).transpose();
      gradients[0].assign(product(down, epsilon, across));
      for (int i = 1; i < gradients.length; i++) {
        gradients[i].assign(0);
      }
    }

    /** [to, from] of one side of the maps. */
    private INDArray matrix(int axis, int to) {
      SideMap side = layer.side(Math.toIntExact(inputs[0].size(axis)), to);
      double[] values = new double[side.to() * side.from()];
      for (int i = 0; i < side.to(); i++) {
        System.arraycopy(
            side.shares()[i],
            0,
            values,
            i * side.from() + side.first()[i],
            side.shares()[i].length);
      }
      return Nd4j.createFromArray(values)
          .castTo(inputs[0].dataType())
          .reshape('c', side.to(), side.from());
    }

    /** down * map * across^T of each map of [n, channels, height, width]. */
    private INDArray product(INDArray down, INDArray maps, INDArray across) {
      long pieces = maps.size(0) * maps.size(1);
      long height = maps.size(2);
      INDArray rows = maps.dup('c').reshape('c', pieces * height, maps.size(3));
      INDArray wide = rows.mmul(across.transpose()).dup('c');
      INDArray tall =
          wide.reshape('c', pieces, height, across.size(0))
              .permute(1, 0, 2)
              .dup('c')
              .reshape('c', height, pieces * across.size(0));
      return down.mmul(tall)
          .dup('c')
          .reshape('c', down.size(0), pieces, across.size(0))
          .permute(1, 0, 2)
          .dup('c')
          .reshape('c', maps.size(0), maps.size(1), down.size(0), across.size(0));
    }
  }
}
