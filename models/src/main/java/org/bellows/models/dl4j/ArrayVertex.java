// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The configuration of a vertex without parameters; immutable, so its own clone. */
abstract class ArrayVertex extends GraphVertex {
  private static final long serialVersionUID = 1L;

  /** The fields that distinguish two vertices of a class. */
  abstract Object identity();

  abstract int inputs();

  abstract ArrayVertexRun run(ComputationGraph graph, String name, int index, DataType type);

  /** The first input's, unless a vertex says otherwise. */
  @Override
  public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
    return vertexInputs[0];
  }

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    return run(graph, name, index, type);
  }

  @Override
  public GraphVertex clone() {
    return this;
  }

  /** Vertices of two kinds are never equal, whatever their numbers. */
  @Override
  @SuppressWarnings("EqualsGetClass")
  public boolean equals(Object other) {
    return other != null
        && other.getClass() == getClass()
        && ((ArrayVertex) other).identity().equals(identity());
  }

  @Override
  public int hashCode() {
    return getClass().hashCode() * 31 + identity().hashCode();
  }

  @Override
  public long numParams(boolean backprop) {
    return 0;
  }

  @Override
  public int minVertexInputs() {
    return inputs();
  }

  @Override
  public int maxVertexInputs() {
    return inputs();
  }

  @Override
  public MemoryReport getMemoryReport(InputType... inputTypes) {
    return new LayerMemoryReport.Builder(
            null, getClass(), inputTypes[0], getOutputType(-1, inputTypes))
        .standardMemory(0, 0)
        .workingMemory(0, 0, 0, 0)
        .cacheMemory(0, 0)
        .build();
  }
}
