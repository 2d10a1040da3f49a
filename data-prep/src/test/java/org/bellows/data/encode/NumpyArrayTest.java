// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NumpyArrayTest {
  @Test
  void isWhatNumpySaves() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NumpyArray.write(out, new float[] {0, 1, 2, 3, 4, 5.5f}, 2, 1, 3);
    ByteBuffer file = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(out.size()).isEqualTo(128 + 6 * 4);
    String header =
        "\u0093NUMPY\u0001\u0000v\u0000{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 3), }";
    assertThat(new String(file.array(), 0, 127, StandardCharsets.ISO_8859_1).stripTrailing())
        .isEqualTo(header);
    assertThat(file.get(127)).isEqualTo((byte) '\n');
    assertThat(file.getFloat(128 + 4 * 5)).isEqualTo(5.5f);
  }

  @Test
  void longArraysAreWrittenInPieces() throws IOException {
    float[] values = new float[40_000];
    values[39_999] = 7;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    NumpyArray.write(out, values, values.length);
    byte[] file = out.toByteArray();
    assertThat(new String(file, StandardCharsets.ISO_8859_1)).contains("'shape': (40000,), }");
    ByteBuffer last = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(last.getFloat(file.length - 4)).isEqualTo(7);
  }
}
