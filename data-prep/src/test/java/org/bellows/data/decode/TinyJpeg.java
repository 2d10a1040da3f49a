// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Writes JPEGs segment by segment, so that a test can have any of them wrong. */
final class TinyJpeg {
  static final int BASELINE = 0xC0;
  static final int PROGRESSIVE = 0xC2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  TinyJpeg() {
    marker(0xD8);
  }

  /** SOI, quantisation by ones, and a frame of one component of this size. */
  static TinyJpeg grey(int process, int height, int width) {
    return new TinyJpeg().quantisation(1).frame(process, height, width, 0x11);
  }

  TinyJpeg marker(int code) {
    return bytes(0xFF, code);
  }

  TinyJpeg bytes(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  TinyJpeg segment(int code, int... content) {
    marker(code);
    return bytes((content.length + 2) >> 8, content.length + 2 & 0xFF).bytes(content);
  }

  /** Table 0, with this value everywhere. */
  TinyJpeg quantisation(int value) {
    int[] content = new int[65];
    Arrays.fill(content, 1, 65, value);
    return segment(0xDB, content);
  }

  /**
   * @param samplings for each component, H in the upper four bits, V in the lower; their ids are 1,
   *     2, ...
   */
  TinyJpeg frame(int process, int height, int width, int... samplings) {
    int[] content = new int[6 + 3 * samplings.length];
    int[] start = {8, height >> 8, height & 0xFF, width >> 8, width & 0xFF, samplings.length};
    System.arraycopy(start, 0, content, 0, start.length);
    for (int i = 0; i < samplings.length; i++) {
      content[6 + 3 * i] = i + 1;
      content[7 + 3 * i] = samplings[i];
    }
    return segment(process, content);
  }

  /** A Huffman table whose codes all have the same length. */
  TinyJpeg huffman(boolean isDc, int slot, int length, int... symbols) {
    int[] content = new int[17 + symbols.length];
    content[0] = (isDc ? 0 : 0x10) | slot;
    content[length] = symbols.length;
    System.arraycopy(symbols, 0, content, 17, symbols.length);
    return segment(0xC4, content);
  }

  TinyJpeg restartInterval(int mcus) {
    return segment(0xDD, mcus >> 8, mcus & 0xFF);
  }

  /** A sequential scan of components 1..count with the tables 0. */
  TinyJpeg scan(int count) {
    int[] content = new int[4 + 2 * count];
    content[0] = count;
    for (int i = 0; i < count; i++) {
      content[1 + 2 * i] = i + 1;
    }
    content[2 + 2 * count] = 63;
    return segment(0xDA, content);
  }

  /** A progressive scan of component 1 with the tables 0. */
  TinyJpeg scan(int first, int last, int high, int low) {
    return segment(0xDA, 1, 1, 0, first, last, high << 4 | low);
  }

  /** Entropy data: zeros and ones, blanks are passed over, filled up with ones, 0xFF stuffed. */
  TinyJpeg bits(String bits) {
    String digits = bits.replace(" ", "");
    digits += "1".repeat((8 - digits.length() % 8) % 8);
    for (int i = 0; i < digits.length(); i += 8) {
      int value = Integer.parseInt(digits.substring(i, i + 8), 2);
      out.write(value);
      if (value == 0xFF) {
        out.write(0);
      }
    }
    return this;
  }

  byte[] end() {
    return marker(0xD9).file();
  }

  byte[] file() {
    return out.toByteArray();
  }
}
