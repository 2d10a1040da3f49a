// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import org.bellows.models.layer.ChannelScale;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;

/** {@link ChannelScale} in DL4J. */
final class ChannelScaleVertex extends ArrayVertex {
  private static final long serialVersionUID = 1L;

  @Override
  Object identity() {
    return "";
  }

  @Override
  int inputs() {
    return 2;
  }

  @Override
  ArrayVertexRun run(ComputationGraph graph, String name, int index, DataType type) {
    return new Run(graph, name, index, type);
  }

  @SuppressWarnings("overrides")
  private static final class Run extends ArrayVertexRun {
    Run(ComputationGraph graph, String name, int index, DataType type) {
      super(graph, name, index, type);
    }

    @Override
    long[] outputShape() {
      return inputs[0].shape();
    }

    @Override
    void forward(boolean training, INDArray output) {
      Broadcast.mul(inputs[0], inputs[1], output, 0, 1);
    }

    /** With gradient e at the output: e_c * s_c for the map, the sum of e_c * u_c for the scale. */
    @Override
    void backward(INDArray epsilon, INDArray[] gradients) {
      Broadcast.mul(epsilon, inputs[1], gradients[0], 0, 1);
      epsilon.mul(inputs[0]).sum(gradients[1], 2, 3);
    }
  }
}
