// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.bellows.conf.text.Words;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.worker.parallel.VectorParts;
import org.bytedeco.javacpp.FloatPointer;

/** The parameters and the gradient in native memory, in DL4J's order. */
public final class FlatVectors implements AutoCloseable {
  private final Parameters parameters;
  private final boolean ownsParameters;
  private MemoryBlock gradient;
  private final int length;
  private final Map<String, ParameterSlot> slots;
  private VectorParts parts = VectorParts.ONE;

  /** Parameters, and how often they were written. */
  private static final class Parameters {
    final MemoryBlock block;
    long version;

    Parameters(MemoryBlock block) {
      this.block = block;
    }
  }

  public FlatVectors(FlatLayout layout) {
    this.length = layout.length();
    this.parameters = new Parameters(new MemoryBlock((long) length * Float.BYTES));
    this.ownsParameters = true;
    this.gradient = new MemoryBlock((long) length * Float.BYTES);
    this.slots = new HashMap<>();
    layout.segments().forEach(slot -> slots.put(slot.name(), slot));
  }

  private FlatVectors(FlatVectors other) {
    this.length = other.length;
    this.parameters = other.parameters;
    this.ownsParameters = false;
    this.slots = other.slots;
  }

  /**
   * The same parameters with another gradient, which takes memory once a plan asks for it; to be
   * closed before this.
   */
  public FlatVectors beside() {
    return new FlatVectors(this);
  }

  /** How the elements are divided that are copied from and to Java's memory from now on. */
  public void divideCopies(VectorParts into) {
    parts = into;
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
    return at(parameters.block, slot);
  }

  public FloatPointer gradient(ParameterSlot slot) {
    return at(gradient(), slot);
  }

  private MemoryBlock gradient() {
    if (gradient == null) {
      gradient = new MemoryBlock((long) length * Float.BYTES);
    }
    return gradient;
  }

  private static FloatPointer at(MemoryBlock block, ParameterSlot slot) {
    return new FloatPointer(block.start()).getPointer(slot.offset()).capacity(slot.length());
  }

  public long bytes() {
    return (ownsParameters ? parameters.block.bytes() : 0)
        + (gradient == null ? 0 : gradient.bytes());
  }

  /** Grows with each write: an owner of copies of parameters sees that they are old. */
  long version() {
    return parameters.version;
  }

  /** Takes over the first {@code length} floats. */
  public void write(float[] source) {
    parts.run(0, length, (from, to) -> at(parameters.block, from).put(source, from, to - from));
    parameters.version++;
  }

  /** Copies out {@code length} floats. */
  public void read(float[] target) {
    parts.run(0, length, (from, to) -> at(parameters.block, from).get(target, from, to - from));
  }

  /** Copies out {@code length} floats. */
  public void readGradient(float[] target) {
    readGradient(target, 0, length);
  }

  /** Likewise, elements [from, to) into their places. */
  public void readGradient(float[] target, int from, int to) {
    MemoryBlock source = gradient();
    parts.run(from, to, (start, end) -> at(source, start).get(target, start, end - start));
  }

  int length() {
    return length;
  }

  /** All elements, the next being the one at {@code index}. */
  private FloatBuffer at(MemoryBlock block, int index) {
    return new FloatPointer(block.start()).capacity(length).asBuffer().position(index);
  }

  @Override
  public void close() {
    if (ownsParameters) {
      parameters.block.free();
    }
    if (gradient != null) {
      gradient.free();
    }
  }
}
