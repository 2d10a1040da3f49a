// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bellows.conf.BellowsException;

/**
 * An array in a file. Element (i, j, ..) is at offset + i * strides[0] + j * strides[1] + ..
 * elements of its bytes.
 */
public final class StoredTensor {
  /** PyTorch itself goes no further than 64; no layer has more than 5. */
  private static final int MOST_AXES = 8;

  private final String name;
  private final ElementType type;
  private final long[] shape;
  private final long[] strides;
  private final long offset;
  private final ByteSlice bytes;
  private final int elements;

  private StoredTensor(
      String name, ElementType type, long[] shape, long[] strides, long offset, ByteSlice bytes) {
    this.name = name;
    this.type = type;
    this.shape = shape.clone();
    this.strides = strides.clone();
    this.offset = offset;
    this.bytes = bytes;
    this.elements = elements(shape, bytes.length() / type.bytes());
    requireInside();
  }

  /** Last axis fastest, without gaps. */
  public static StoredTensor dense(String name, ElementType type, long[] shape, ByteSlice bytes) {
    return strided(name, type, shape, denseStrides(shape), 0, bytes);
  }

  /**
   * @throws IllegalArgumentException in words that can end a message, when the array is not inside
   *     its bytes or has more elements than they contain
   */
  public static StoredTensor strided(
      String name, ElementType type, long[] shape, long[] strides, long offset, ByteSlice bytes) {
    return new StoredTensor(name, type, shape, strides, offset, bytes);
  }

  private static long[] denseStrides(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = stride;
      // A product that overflows here is refused for its number of elements.
      stride *= Math.max(1, shape[i]);
    }
    return strides;
  }

  private static int elements(long[] shape, int held) {
    if (shape.length > MOST_AXES) {
      throw new IllegalArgumentException(
          "has %d axes, at most %d are possible".formatted(shape.length, MOST_AXES));
    }
    long elements = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("has the shape " + Arrays.toString(shape));
      }
      boolean tooMany = size > 0 && elements > Integer.MAX_VALUE / size;
      elements = tooMany ? Long.MAX_VALUE : elements * size;
      if (tooMany) {
        break;
      }
    }
    if (elements > held) {
      throw new IllegalArgumentException(
          "has the shape %s, but its storage holds %d elements"
              .formatted(Arrays.toString(shape), held));
    }
    return (int) elements;
  }

  private void requireInside() {
    int held = bytes.length() / type.bytes();
    long last = offset;
    boolean inside = offset >= 0 && offset <= held && strides.length == shape.length;
    for (int i = 0; inside && i < shape.length; i++) {
      // Both factors of each term are bounded by what is held, so nothing overflows.
      boolean moves = shape[i] > 1;
      inside = !moves || (strides[i] >= 0 && strides[i] <= held);
      last += inside && moves ? (shape[i] - 1) * strides[i] : 0;
    }
    if (elements > 0 && (!inside || last >= held)) {
      throw new IllegalArgumentException(
          "reaches outside its storage: offset %d, shape %s, strides %s, %d elements held"
              .formatted(offset, Arrays.toString(shape), Arrays.toString(strides), held));
    }
  }

  public String name() {
    return name;
  }

  public ElementType type() {
    return type;
  }

  public long[] shape() {
    return shape.clone();
  }

  public int elements() {
    return elements;
  }

  public boolean hasShape(long[] other) {
    return Arrays.equals(shape, other);
  }

  /**
   * A copy, last axis fastest.
   *
   * @throws BellowsException (data) naming the array, when it holds no floating-point numbers, or
   *     one that is not finite
   */
  public float[] floats() {
    if (!type.isFloating()) {
      throw BellowsException.data(
          "array %s holds %s, expected floating-point numbers".formatted(name, type));
    }
    float[] values = new float[elements];
    ByteBuffer little = bytes.buffer();
    long[] index = new long[shape.length];
    long at = offset;
    for (int i = 0; i < elements; i++) {
      values[i] = type.at(little, (int) at * type.bytes());
      if (!Float.isFinite(values[i])) {
        throw BellowsException.data(
            "array %s holds %s at %s".formatted(name, values[i], Arrays.toString(index)));
      }
      at = next(index, at);
    }
    return values;
  }

  /** Counts the index up, last axis first, and moves along. */
  private long next(long[] index, long at) {
    long moved = at;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      moved += strides[axis];
      if (++index[axis] < shape[axis]) {
        return moved;
      }
      moved -= shape[axis] * strides[axis];
      index[axis] = 0;
    }
    return moved;
  }
}
