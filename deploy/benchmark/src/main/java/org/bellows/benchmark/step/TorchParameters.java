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
  private final TorchFormat format;
  private final TorchOperators operators;
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
   * @param format of filters
   * @param flat initial values, in the layout's order
   */
  TorchParameters(NDManager manager, TorchFormat format, FlatLayout layout, float[] flat) {
    this.manager = manager;
    this.format = format;
    this.operators = new TorchOperators((PtNDManager) manager);
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
    NDArray array = format.array(manager, values, shape);
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
