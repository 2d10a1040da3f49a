// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import org.bellows.models.layer.StochasticDepth;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@link StochasticDepth} in DL4J. Random numbers come from ND4J's generator, which the caller
 * seeds before each pass.
 */
final class StochasticDepthVertex extends ArrayVertex {
  private static final long serialVersionUID = 1L;

  private final double survival;

  StochasticDepthVertex(StochasticDepth depth) {
    this.survival = depth.survival();
  }

  @Override
  Object identity() {
    return survival;
  }

  @Override
  int inputs() {
    return 1;
  }

  @Override
  ArrayVertexRun run(ComputationGraph graph, String name, int index, DataType type) {
    return new Run(graph, name, index, type);
  }

  @SuppressWarnings("overrides")
  private final class Run extends ArrayVertexRun {
    /** [n]: 1 / p where the branch survives, else 0. */
    private INDArray scales;

    Run(ComputationGraph graph, String name, int index, DataType type) {
      super(graph, name, index, type);
    }

    @Override
    long[] outputShape() {
      return inputs[0].shape();
    }

    @Override
    void forward(boolean training, INDArray output) {
      if (!training) {
        output.assign(inputs[0]);
        return;
      }
      // Needed again in the backward pass, when this pass's workspace may be gone.
      try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
        double[] draws = Nd4j.rand(DataType.DOUBLE, inputs[0].size(0)).toDoubleVector();
        for (int i = 0; i < draws.length; i++) {
          draws[i] = draws[i] < survival ? 1 / survival : 0;
        }
        scales = Nd4j.createFromArray(draws).castTo(output.dataType());
      }
      Broadcast.mul(inputs[0], scales, output, 0);
    }

    @Override
    void backward(INDArray epsilon, INDArray[] gradients) {
      Broadcast.mul(epsilon, scales, gradients[0], 0);
    }
  }
}
