// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.encode;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** NumPy's file format, version 1.0 ({@code numpy.lib.format}): float32 in C order. */
public final class NumpyArray {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  /** Where the numbers begin is a multiple of this. */
  private static final int ALIGNMENT = 64;

  private static final int CHUNK = 1 << 14;

  private NumpyArray() {}

  /**
   * @param values row-major, of the shape
   */
  public static void write(OutputStream out, float[] values, int... shape) throws IOException {
    out.write(header(shape));
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK) {
      int length = Math.min(CHUNK, values.length - from);
      chunk.asFloatBuffer().put(values, from, length);
      out.write(chunk.array(), 0, length * Float.BYTES);
    }
  }

  private static byte[] header(int[] shape) {
    String sides = Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining(", "));
    String text =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%s%s), }"
            .formatted(sides, shape.length == 1 ? "," : "");
    int before = MAGIC.length + Short.BYTES;
    int length = (before + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - before;
    byte[] padded = new byte[length];
    Arrays.fill(padded, (byte) ' ');
    byte[] said = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(said, 0, padded, 0, said.length);
    padded[length - 1] = '\n';
    return ByteBuffer.allocate(before + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .putShort((short) length)
        .put(padded)
        .array();
  }
}
