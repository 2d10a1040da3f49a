// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Some bytes of a file that is in memory. */
public record ByteSlice(byte[] file, int from, int length) {

  public ByteSlice {
    if (from < 0 || length < 0 || from > file.length - length) {
      throw new IndexOutOfBoundsException(
          "%d bytes from %d of %d".formatted(length, from, file.length));
    }
  }

  public static ByteSlice of(byte[] file) {
    return new ByteSlice(file, 0, file.length);
  }

  /** From here to its end, little-endian, positions from 0. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(file, from, length).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  public ByteSlice part(int start, int size) {
    if (start < 0 || size < 0 || start > length - size) {
      throw new IndexOutOfBoundsException("%d bytes from %d of %d".formatted(size, start, length));
    }
    return new ByteSlice(file, from + start, size);
  }
}
