// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;

/** The flat vector's arrays as PyTorch's tensors. */
final class TorchParameters {
  private final NDManager manager;
  private final TorchMode mode;
  private final TorchOperators operators;
  private final TorchOperators.Operator toBfloat16;
  private final TorchOperators.Operator toFloat32;
  private final float[] flat;
  private final Map<String, ParameterSlot> slots = new HashMap<>();
  private final List<Tensor> tensors = new ArrayList<>();

  /**
   * @param transposed whether DL4J's array is [elements / channels, channels] of what PyTorch has
   *     as [channels, elements / channels]
   */
  record Tensor(ParameterSlot segment, NDArray array, boolean transposed) {

    /** The gradient in DL4J's order. */
    float[] gradient() {
      try (NDArray gradient = array.getGradient();
          // Row-major, whatever the format.
          NDArray elements = gradient.reshape(-1)) {
        float[] values = elements.toFloatArray();
        int channels = (int) array.getShape().get(0);
        return transposed ? TorchParameters.transposed(values, channels) : values;
      }
    }
  }

  /**
   * @param mode of what reads them
   * @param flat initial values, in the layout's order
   */
  TorchParameters(NDManager manager, TorchMode mode, FlatLayout layout, float[] flat) {
    this.manager = manager;
    this.mode = mode;
    this.operators = new TorchOperators((PtNDManager) manager);
    this.toBfloat16 = operators.toBfloat16();
    this.toFloat32 = operators.toFloat32();
    this.flat = flat;
    layout.segments().forEach(slot -> slots.put(slot.name(), slot));
  }

  /** A parameter array that has the same order in both. */
  NDArray array(String name, long... shape) {
    return add(segment(name), shape, false);
  }

  /** What DJL has no calls for. */
  TorchOperators operators() {
    return operators;
  }

  /**
   * A parameter as a layer multiplies with it.
   *
   * @param parameter may be null
   * @param input of the layer; the copy lives no longer than its manager
   * @return the parameter itself unless another number format is computed in
   */
  NDArray operand(NDArray parameter, NDArray input) {
    if (parameter == null || !mode.bfloat16()) {
      return parameter;
    }
    NDArray converted = toBfloat16.apply(true, parameter).get(0);
    converted.attach(input.getManager());
    return converted;
  }

  /** Images as the first layer reads them. */
  NDArray maps(NDArray images) {
    return mode.bfloat16() ? toBfloat16.apply(true, images).get(0) : images;
  }

  /** Answers as the loss reads them. */
  NDArray floats(NDArray answers) {
    return mode.bfloat16() ? toFloat32.apply(true, answers).get(0) : answers;
  }

  int length(String name) {
    return segment(name).length();
  }

  /** A depthwise filter bank: [height, width, channels, 1] -> [channels, 1, height, width]. */
  NDArray depthwise(String name, long channels, long[] kernel) {
    return add(segment(name), new long[] {channels, 1, kernel[0], kernel[1]}, true);
  }

  private ParameterSlot segment(String name) {
    ParameterSlot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException("no parameter %s, only %s".formatted(name, slots));
    }
    return slot;
  }

  private NDArray add(ParameterSlot slot, long[] shape, boolean transposed) {
    float[] values = Arrays.copyOfRange(flat, slot.offset(), slot.end());
    if (transposed) {
      values = transposed(values, values.length / (int) shape[0]);
    }
    NDArray array = mode.format().array(manager, values, shape);
    if (slot.kind().isTrainable()) {
      array.setRequiresGradient(true);
    }
    tensors.add(new Tensor(slot, array, transposed));
    return array;
  }

  /** [rows, values / rows] -> [values / rows, rows]. */
  private static float[] transposed(float[] values, int rows) {
    int columns = values.length / rows;
    float[] turned = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        turned[column * rows + row] = values[row * columns + column];
      }
    }
    return turned;
  }

  List<Tensor> trainable() {
    return tensors.stream().filter(tensor -> tensor.segment().kind().isTrainable()).toList();
  }
}
