// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.pass;

import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.bellows.conf.text.Words;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The parameters and the gradient, one tensor each, in the order of the layout. */
public final class FlatTensors implements AutoCloseable {
  private final TorchDevice device;
  private final int length;
  private final Map<String, ParameterSlot> slots;
  private final Tensor parameters;
  private final boolean ownsParameters;
  private final boolean isFirst;
  private final Deque<Tensor> spare;
  private Tensor gradient;

  /** Zeros. */
  public FlatTensors(TorchDevice device, FlatLayout layout) {
    this.device = device;
    this.length = layout.length();
    this.slots = new HashMap<>();
    layout.segments().forEach(slot -> slots.put(slot.name(), slot));
    this.parameters = device.zeros(length);
    this.ownsParameters = true;
    this.isFirst = true;
    this.spare = new ConcurrentLinkedDeque<>();
  }

  private FlatTensors(FlatTensors other, boolean ownParameters) {
    this.device = other.device;
    this.length = other.length;
    this.slots = other.slots;
    this.parameters = ownParameters ? device.zeros(length) : other.parameters;
    this.ownsParameters = ownParameters;
    this.isFirst = false;
    this.spare = other.spare;
  }

  /**
   * Another gradient; to be closed before this.
   *
   * @param ownParameters with parameters of its own, zeros, and not these
   */
  public FlatTensors beside(boolean ownParameters) {
    return new FlatTensors(this, ownParameters);
  }

  /**
   * A parameter array in place.
   *
   * @param name of the array in the layout
   */
  public Tensor parameter(String name, long... shape) {
    return view(parameters, name, shape);
  }

  /**
   * The place of a parameter array's gradient.
   *
   * @param name of the array in the layout
   */
  public Tensor gradient(String name, long... shape) {
    return view(gradient, name, shape);
  }

  private Tensor view(Tensor vector, String name, long... shape) {
    ParameterSlot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalStateException(
          "no parameter is named %s; there are %s".formatted(name, Words.and(slots.keySet())));
    }
    return vector.narrow(0, slot.offset(), slot.length()).view(shape);
  }

  /** Gradients that no layer writes are 0. */
  public void clearGradient() {
    if (gradient == null) {
      gradient = spare.poll();
    }
    if (gradient == null) {
      // The last is for the loss.
      gradient = device.zeros(length + 1L);
      // It outlives the scope of the pass that needs it first.
      gradient.retainReference();
    } else {
      gradient.zero_();
    }
  }

  /**
   * The gradient, which is the caller's from now on, and the loss after it.
   *
   * @return [length + 1]; to be given back with {@link #reuse}
   */
  public Tensor takeGradient(double loss) {
    Tensor taken = gradient;
    try (InferenceMode mode = new InferenceMode(true);
        PointerScope scope = new PointerScope()) {
      taken.narrow(0, length, 1).fill_(new Scalar((float) loss));
    }
    gradient = null;
    return taken;
  }

  /** Takes back what {@link #takeGradient} gave, here or beside this. */
  public void reuse(Tensor taken) {
    spare.push(taken);
  }

  /** Takes over the first {@code length} floats. */
  public void write(float[] source) {
    try (PointerScope scope = new PointerScope()) {
      device.write(source, parameters);
    }
  }

  /** Copies out {@code length} floats. */
  public void read(float[] target) {
    try (PointerScope scope = new PointerScope()) {
      device.read(parameters, target);
    }
  }

  /** Copies out {@code length} floats. */
  public void readGradient(float[] target) {
    try (PointerScope scope = new PointerScope()) {
      device.read(gradient.narrow(0, 0, length), target);
    }
  }

  @Override
  public void close() {
    if (ownsParameters) {
      parameters.close();
    }
    if (isFirst) {
      spare.forEach(Tensor::close);
    }
    if (gradient != null) {
      gradient.close();
    }
  }
}
