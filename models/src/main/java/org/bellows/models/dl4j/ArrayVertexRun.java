// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A vertex without parameters at work. */
@SuppressWarnings("overrides") // DL4J implements setInputs(INDArray...) as setInputs(INDArray[])
abstract class ArrayVertexRun extends BaseGraphVertex {

  ArrayVertexRun(ComputationGraph graph, String name, int index, DataType type) {
    super(graph, name, index, null, null, type);
  }

  /**
   * @param output to be filled, of the shape that {@link #outputShape} gives
   */
  abstract void forward(boolean training, INDArray output);

  abstract long[] outputShape();

  /**
   * @param epsilon the loss's gradient at the output
   * @param gradients to be filled: the loss's gradient at each input, shaped as the inputs
   */
  abstract void backward(INDArray epsilon, INDArray[] gradients);

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspace) {
    if (!canDoForward()) {
      throw new IllegalStateException("inputs of " + this + " are not set");
    }
    INDArray output =
        workspace.createUninitialized(ArrayType.ACTIVATIONS, inputs[0].dataType(), outputShape());
    forward(training, output);
    return output;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspace) {
    if (!canDoBackward()) {
      throw new IllegalStateException("inputs or errors of " + this + " are not set");
    }
    INDArray[] gradients = new INDArray[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      gradients[i] =
          workspace.createUninitialized(
              ArrayType.ACTIVATION_GRAD, inputs[i].dataType(), inputs[i].shape());
    }
    backward(epsilon, gradients);
    return new Pair<>(null, gradients);
  }

  @Override
  public boolean hasLayer() {
    return false;
  }

  @Override
  public Layer getLayer() {
    return null;
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray gradients) {
    if (gradients != null) {
      throw new IllegalStateException(this + " has no parameters, so no gradients of them");
    }
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int samples) {
    if (masks != null) {
      throw new UnsupportedOperationException(this + " does not know masks");
    }
    return null;
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + " " + vertexName;
  }
}
