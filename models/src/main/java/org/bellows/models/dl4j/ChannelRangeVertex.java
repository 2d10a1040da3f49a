// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import java.util.List;
import org.bellows.models.layer.ChannelRange;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * {@link ChannelRange} in DL4J. Its own SubsetVertex computes a negative number of channels for
 * maps.
 */
final class ChannelRangeVertex extends ArrayVertex {
  private static final long serialVersionUID = 1L;

  private final int first;
  private final int channels;

  ChannelRangeVertex(ChannelRange range) {
    this.first = range.first();
    this.channels = range.channels();
  }

  @Override
  Object identity() {
    return List.of(first, channels);
  }

  @Override
  int inputs() {
    return 1;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
    InputTypeConvolutional map = (InputTypeConvolutional) vertexInputs[0];
    return InputType.convolutional(map.getHeight(), map.getWidth(), channels);
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
      return new long[] {inputs[0].size(0), channels, inputs[0].size(2), inputs[0].size(3)};
    }

    @Override
    void forward(boolean training, INDArray output) {
      output.assign(inputs[0].get(range()));
    }

    @Override
    void backward(INDArray epsilon, INDArray[] gradients) {
      gradients[0].assign(0);
      gradients[0].put(range(), epsilon);
    }

    private INDArrayIndex[] range() {
      INDArrayIndex all = NDArrayIndex.all();
      return new INDArrayIndex[] {all, NDArrayIndex.interval(first, first + channels), all, all};
    }
  }
}
