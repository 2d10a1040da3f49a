// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The flat vector's arrays as PyTorch's tensors. */
public final class TorchParameters {
  private final TorchMode mode;
  private final float[] flat;
  private final Map<String, ParameterSlot> slots = new HashMap<>();
  private final List<Parameter> parameters = new ArrayList<>();

  /**
   * @param transposed whether DL4J's array is [elements / channels, channels] of what PyTorch has
   *     as [channels, elements / channels]
   */
  public record Parameter(ParameterSlot segment, Tensor tensor, boolean transposed) {

    /** The gradient in DL4J's order. */
    float[] gradient() {
      float[] values = new float[segment.length()];
      Tensor gradient = tensor.grad();
      if (!gradient.defined()) {
        // The loss does not depend on it.
        return values;
      }
      try (Tensor rows = gradient.contiguous()) {
        rows.data_ptr_float().get(values);
        int channels = (int) tensor.size(0);
        return transposed ? TorchParameters.transposed(values, channels) : values;
      }
    }
  }

  /**
   * @param mode of what reads them
   * @param flat initial values, in the layout's order
   */
  TorchParameters(TorchMode mode, FlatLayout layout, float[] flat) {
    this.mode = mode;
    this.flat = flat;
    layout.segments().forEach(slot -> slots.put(slot.name(), slot));
  }

  /** A parameter array that has the same order in both. */
  Tensor array(String name, long... shape) {
    return add(segment(name), shape, false);
  }

  /** A parameter as a layer multiplies with it: itself unless another number format is computed. */
  Tensor operand(Tensor parameter) {
    return mode.bfloat16() ? parameter.to(ScalarType.BFloat16) : parameter;
  }

  /**
   * Likewise.
   *
   * @param parameter null where the layer has none
   */
  TensorOptional optional(Tensor parameter) {
    return parameter == null ? new TensorOptional() : new TensorOptional(operand(parameter));
  }

  int length(String name) {
    return segment(name).length();
  }

  /** A depthwise filter bank: [height, width, channels, 1] -> [channels, 1, height, width]. */
  Tensor depthwise(String name, long channels, long height, long width) {
    return add(segment(name), new long[] {channels, 1, height, width}, true);
  }

  private ParameterSlot segment(String name) {
    ParameterSlot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException("no parameter %s, only %s".formatted(name, slots));
    }
    return slot;
  }

  private Tensor add(ParameterSlot slot, long[] shape, boolean transposed) {
    float[] values = Arrays.copyOfRange(flat, slot.offset(), slot.end());
    if (transposed) {
      values = transposed(values, values.length / (int) shape[0]);
    }
    Tensor tensor = mode.format().array(values, shape);
    if (slot.kind().isTrainable()) {
      tensor.set_requires_grad(true);
    }
    parameters.add(new Parameter(slot, tensor, transposed));
    return tensor;
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

  public List<Parameter> trainable() {
    return parameters.stream().filter(one -> one.segment().kind().isTrainable()).toList();
  }

  void close() {
    parameters.forEach(one -> one.tensor().close());
  }
}
