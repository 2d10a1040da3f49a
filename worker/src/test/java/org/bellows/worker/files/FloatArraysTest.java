// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class FloatArraysTest {
  /** Magic, version 1, 2 arrays of 2 floats: 1, -2 and 0.5, 0. */
  private static final String GOLDEN =
      "424c5746"
          + "01000000"
          + "02000000"
          + "02000000"
          + "0000803f"
          + "000000c0"
          + "0000003f"
          + "00000000";

  @Test
  void writesTheDocumentedBytesAndReadsThemBack() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FloatArrays.write(out, List.of(new float[] {1, -2, 99}, new float[] {0.5f, 0, 99}), 2);
    assertThat(HexFormat.of().formatHex(out.toByteArray())).isEqualTo(GOLDEN);
    List<float[]> read = FloatArrays.read(out.toByteArray(), "here");
    assertThat(read).hasSize(2);
    assertThat(read.get(0)).containsExactly(1, -2);
    assertThat(read.get(1)).containsExactly(0.5f, 0);
  }

  @Test
  void refusesOtherFilesAndWrongLengths() {
    assertThatThrownBy(() -> FloatArrays.read(new byte[40], "x.bin"))
        .hasMessage("x.bin is not a file of float arrays, version 1");
    byte[] longer = Arrays.copyOf(HexFormat.of().parseHex(GOLDEN), 33);
    assertThatThrownBy(() -> FloatArrays.read(longer, "x.bin"))
        .hasMessage("x.bin has 33 bytes, expected 32 for 2 arrays of 2 floats");
  }

  /** Two billion arrays of nothing would fit into 16 bytes. */
  @Test
  void refusesArraysThatTakeNoBytes() {
    byte[] none = HexFormat.of().parseHex("424c574601000000ffffff7f00000000");
    assertThatThrownBy(() -> FloatArrays.read(none, "x.bin"))
        .hasMessage("x.bin has 16 bytes, expected 16 for 2147483647 arrays of 0 floats");
    byte[] empty = HexFormat.of().parseHex("424c5746010000000000000007000000");
    assertThat(FloatArrays.read(empty, "x.bin")).isEmpty();
  }

  @Test
  void findsTheFirstNumberThatIsNotFinite() {
    assertThat(FloatArrays.firstNotFinite(new float[] {1, -Float.MAX_VALUE})).isEqualTo(-1);
    assertThat(FloatArrays.firstNotFinite(new float[] {1, Float.NaN, 3})).isEqualTo(1);
    assertThat(FloatArrays.firstNotFinite(new float[] {Float.NEGATIVE_INFINITY})).isZero();
  }

  /** printf '\x00\x00\x80\x3f' | sha256sum. */
  @Test
  void hashesLittleEndianBytes() {
    assertThat(FloatArrays.sha256(new float[] {1, 7}, 1))
        .isEqualTo(org.bellows.data.storage.Sha256.of(new byte[] {0, 0, (byte) 0x80, 0x3f}));
  }
}
