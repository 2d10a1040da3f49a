// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes PNGs chunk by chunk, so that a test can have any of them wrong. */
public final class TinyPng {
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {0, 4, 8, 8}, {4, 0, 8, 4}, {0, 2, 4, 4}, {2, 0, 4, 2}, {0, 1, 2, 2}, {1, 0, 2, 1}
  };

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public TinyPng() {
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
  }

  public TinyPng header(int height, int width, int depth, int colour, int interlace) {
    return chunk(
        "IHDR",
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put((byte) depth)
            .put((byte) colour)
            .put((byte) 0)
            .put((byte) 0)
            .put((byte) interlace)
            .array());
  }

  public TinyPng chunk(String type, byte[] content) {
    byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(content);
    out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    out.writeBytes(name);
    out.writeBytes(content);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    return this;
  }

  public TinyPng data(byte[] rows) {
    return chunk("IDAT", deflated(rows));
  }

  public byte[] end() {
    return chunk("IEND", new byte[0]).file();
  }

  public byte[] file() {
    return out.toByteArray();
  }

  static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater();
    deflater.setInput(bytes);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  /**
   * The rows of all passes, each behind its filter byte. Filters take turns.
   *
   * @param samples height x width x channels, each of {@code depth} bits
   */
  public static byte[] rows(int[][][] samples, int depth, boolean isInterlaced) {
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    int[][] passes = isInterlaced ? ADAM7 : new int[][] {{0, 0, 1, 1}};
    int distance = Math.max(1, samples[0][0].length * depth / 8);
    int filter = 0;
    for (int[] pass : passes) {
      byte[] above = null;
      for (int y = pass[0]; y < samples.length; y += pass[2]) {
        byte[] row = packed(samples[y], pass[1], pass[3], depth);
        if (row.length > 0) {
          rows.write(filter);
          rows.writeBytes(
              filtered(filter, row, above == null ? new byte[row.length] : above, distance));
          above = row;
          filter = (filter + 1) % 5;
        }
      }
    }
    return rows.toByteArray();
  }

  private static byte[] packed(int[][] row, int from, int step, int depth) {
    StringBuilder bits = new StringBuilder();
    for (int x = from; x < row.length; x += step) {
      for (int sample : row[x]) {
        bits.append(Integer.toBinaryString(sample | 1 << depth).substring(1));
      }
    }
    bits.append("0".repeat((8 - bits.length() % 8) % 8));
    byte[] bytes = new byte[bits.length() / 8];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(bits.substring(8 * i, 8 * i + 8), 2);
    }
    return bytes;
  }

  /** The formulas of the specification's section 9.2, as they stand there. */
  private static byte[] filtered(int filter, byte[] row, byte[] above, int distance) {
    byte[] out = new byte[row.length];
    for (int i = 0; i < row.length; i++) {
      int a = i < distance ? 0 : row[i - distance] & 0xFF;
      int b = above[i] & 0xFF;
      int c = i < distance ? 0 : above[i - distance] & 0xFF;
      int predicted =
          switch (filter) {
            case 1 -> a;
            case 2 -> b;
            case 3 -> (a + b) / 2;
            case 4 -> paeth(a, b, c);
            default -> 0;
          };
      out[i] = (byte) (row[i] - predicted);
    }
    return out;
  }

  private static int paeth(int a, int b, int c) {
    int p = a + b - c;
    int pa = Math.abs(p - a);
    int pb = Math.abs(p - b);
    int pc = Math.abs(p - c);
    if (pa <= pb && pa <= pc) {
      return a;
    }
    return pb <= pc ? b : c;
  }
}
