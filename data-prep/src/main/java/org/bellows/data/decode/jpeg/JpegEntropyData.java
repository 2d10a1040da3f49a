// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.bellows.data.decode.image.ImageRefusedException;

/**
 * The bits of entropy-coded segments (ITU-T T.81, B.1.1.5): bytes up to the next marker, with a
 * stuffed zero after each 0xFF. After their end come zeros without end, and {@link #isOverrun}.
 *
 * <p>The next bits are on the left of {@link #buffer}; {@link #count} of them are valid. Scans work
 * on copies of the two in their inner loops, hence they are no secret of this class.
 */
final class JpegEntropyData {
  /** As many bits as the longest code with the longest coefficient may take are there then. */
  static final int ENOUGH_BITS = 32;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final int LONGEST_CODE = 16;
  private static final int MARKER_PREFIX = 0xFF;

  long buffer;
  int count;

  private final byte[] bytes;
  private int position;
  private boolean hasEnded;

  JpegEntropyData(byte[] bytes, int position) {
    this.bytes = bytes;
    begin(position);
  }

  /** A new segment begins at this byte. */
  void begin(int start) {
    position = start;
    buffer = 0;
    count = 0;
    hasEnded = false;
  }

  /** More bits were taken than there are. */
  boolean isOverrun() {
    return count < 0;
  }

  /**
   * For data that no decoder can continue from. The zeros after the end of the data mean nothing
   * and are no error: then this returns, and the data is overrun.
   */
  void refuse(String what) {
    if (count >= 0 && (!hasEnded || count >= LONGEST_CODE)) {
      throw ImageRefusedException.corruptJpeg(what);
    }
    count = -1;
  }

  /** To be called when {@link #count} is below {@link #ENOUGH_BITS}. */
  void refill() {
    if (count < 0) {
      return;
    }
    if (position <= bytes.length - Long.BYTES) {
      long next = (long) LONGS.get(bytes, position);
      // No byte of it is 0xFF: none of the inverted bytes is zero.
      if ((~next - ONES & next & HIGHS) == 0) {
        // Bits after the counted ones are those of the byte at the new position: they are read
        // again later.
        buffer |= next >>> count;
        position += (63 - count) >>> 3;
        count |= 56;
        return;
      }
    }
    refillSlowly();
  }

  private void refillSlowly() {
    while (count <= 56 && !hasEnded) {
      int following = position + 1;
      if (position < bytes.length && bytes[position] == (byte) MARKER_PREFIX) {
        // Several 0xFF are one: fill bytes.
        while (following < bytes.length && bytes[following] == (byte) MARKER_PREFIX) {
          following++;
        }
        hasEnded = following >= bytes.length || bytes[following] != 0;
        following++;
      } else {
        hasEnded = position >= bytes.length;
      }
      if (!hasEnded) {
        buffer |= (bytes[position] & 0xFFL) << (56 - count);
        count += 8;
        position = following;
      }
    }
  }

  /** The next entry of a table, 0 if none; its bits are not taken. */
  int peek(JpegHuffmanTable table) {
    if (count < ENOUGH_BITS) {
      refill();
    }
    return table.entry(buffer);
  }

  /**
   * Takes bits that {@link #peek} made sure of.
   *
   * @param length 0..15
   */
  int take(int length) {
    int value = length == 0 ? 0 : (int) (buffer >>> (64 - length));
    buffer <<= length;
    count -= length;
    return value;
  }

  /** Passes over any number of bits. */
  void skip(int length) {
    int left = length;
    while (left > 0 && count >= 0) {
      if (count < ENOUGH_BITS) {
        refill();
      }
      int step = Math.min(left, ENOUGH_BITS);
      buffer <<= step;
      count -= step;
      left -= step;
    }
  }

  /** Where the next marker's 0xFF (the last of several) stands, or the length of the file. */
  int nextMarker() {
    int at = position;
    while (at < bytes.length - 1) {
      if (bytes[at] == (byte) MARKER_PREFIX) {
        int code = bytes[at + 1] & 0xFF;
        if (code != 0 && code != MARKER_PREFIX) {
          return at;
        }
      }
      at++;
    }
    return bytes.length;
  }

  /** Whole bytes between the last bit that was taken and this place, without trailing 0xFF. */
  int surplusBytes(int marker) {
    int end = marker;
    while (end > position && bytes[end - 1] == (byte) MARKER_PREFIX) {
      end--;
    }
    return end - position + Math.max(0, count >> 3);
  }
}
