// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.bellows.conf.Words;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bytedeco.javacpp.FloatPointer;

/** The parameters and the gradient in native memory, in DL4J's order. */
public final class FlatVectors implements AutoCloseable {
  private final MemoryBlock parameters;
  private final MemoryBlock gradient;
  private final int length;
  private final Map<String, ParameterSlot> slots = new HashMap<>();
  private long version;

  public FlatVectors(FlatLayout layout) {
    this.length = layout.length();
    this.parameters = new MemoryBlock((long) length * Float.BYTES);
    this.gradient = new MemoryBlock((long) length * Float.BYTES);
    layout.segments().forEach(slot -> slots.put(slot.name(), slot));
  }

  /**
   * @throws IllegalStateException for a name that the layout does not have
   */
  ParameterSlot segment(String name) {
    ParameterSlot slot = slots.get(name);
    if (slot == null) {
      throw new IllegalStateException(
          "no parameter is named %s; there are %s".formatted(name, Words.and(slots.keySet())));
    }
    return slot;
  }

  public FloatPointer parameters(ParameterSlot slot) {
    return at(parameters, slot);
  }

  public FloatPointer gradient(ParameterSlot slot) {
    return at(gradient, slot);
  }

  private static FloatPointer at(MemoryBlock block, ParameterSlot slot) {
    return new FloatPointer(block.start()).getPointer(slot.offset()).capacity(slot.length());
  }

  public long bytes() {
    return parameters.bytes() + gradient.bytes();
  }

  /** Grows with each write: an owner of copies of parameters sees that they are old. */
  long version() {
    return version;
  }

  /** Takes over the first {@code length} floats. */
  public void write(float[] source) {
    all(parameters).put(source, 0, length);
    version++;
  }

  /** Copies out {@code length} floats. */
  public void read(float[] target) {
    all(parameters).get(target, 0, length);
  }

  /** Copies out {@code length} floats. */
  public void readGradient(float[] target) {
    all(gradient).get(target, 0, length);
  }

  private FloatBuffer all(MemoryBlock block) {
    return new FloatPointer(block.start()).capacity(length).asBuffer();
  }

  @Override
  public void close() {
    parameters.free();
    gradient.free();
  }
}
