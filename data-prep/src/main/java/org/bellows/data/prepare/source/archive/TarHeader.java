// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bellows.data.text.Utf8;

/**
 * One header block of a tar archive: POSIX.1-2001 (ustar, pax), GNU and the old V7 form.
 *
 * @param size of the content that follows; negative where the archive says so
 * @param type the type flag
 */
record TarHeader(String name, long size, char type) {
  static final int BLOCK_BYTES = 512;

  private static final int NAME = 0;
  private static final int NAME_BYTES = 100;
  private static final int SIZE = 124;
  private static final int SIZE_BYTES = 12;
  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_BYTES = 8;
  private static final int TYPE = 156;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;
  private static final int PREFIX_BYTES = 155;
  private static final byte[] POSIX_MAGIC = "ustar\0".getBytes(StandardCharsets.US_ASCII);

  /** A block is not a header; the message is a predicate. */
  static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
      super(message, null, false, false);
    }
  }

  static boolean isEndMark(byte[] block) {
    for (byte value : block) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param block 512 bytes
   */
  static TarHeader parse(byte[] block) throws DamagedException {
    long expected = octal(block, CHECKSUM, CHECKSUM_BYTES);
    if (expected != checksum(block, false) && expected != checksum(block, true)) {
      throw new DamagedException("is not a tar header: its checksum does not fit");
    }
    String name = text(block, NAME, NAME_BYTES);
    boolean isPosix =
        Arrays.equals(block, MAGIC, MAGIC + POSIX_MAGIC.length, POSIX_MAGIC, 0, POSIX_MAGIC.length);
    String prefix = isPosix ? text(block, PREFIX, PREFIX_BYTES) : "";
    return new TarHeader(
        prefix.isEmpty() ? name : prefix + "/" + name,
        number(block, SIZE, SIZE_BYTES),
        (char) (block[TYPE] & 0xFF));
  }

  boolean isFile() {
    return type == '0' || type == '\0' || type == '7';
  }

  boolean isFolder() {
    return type == '5' || (type == '\0' && name.endsWith("/"));
  }

  /** The meaning of the type flag, as the end of "is ...". */
  String typeName() {
    return switch (type) {
      case '1' -> "a hard link";
      case '2' -> "a symbolic link";
      case '3', '4' -> "a device";
      case '6' -> "a named pipe";
      case 'S' -> "a sparse file";
      case 'M' -> "a part of a multi-volume file";
      default -> "of an unknown type, 0x%02x".formatted((int) type);
    };
  }

  /** The sum of all bytes with the checksum's own taken as spaces. Old tars added signed bytes. */
  private static long checksum(byte[] block, boolean signed) {
    long sum = 0;
    for (int i = 0; i < BLOCK_BYTES; i++) {
      boolean isOwn = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_BYTES;
      sum += isOwn ? ' ' : signed ? block[i] : block[i] & 0xFF;
    }
    return sum;
  }

  private static String text(byte[] block, int from, int bytes) {
    int end = from;
    while (end < from + bytes && block[end] != 0) {
      end++;
    }
    return Utf8.decode(block, from, end - from);
  }

  /** Octal, or with the first bit set a big-endian number in two's complement (GNU, star). */
  private static long number(byte[] block, int from, int bytes) throws DamagedException {
    if ((block[from] & 0x80) == 0) {
      return octal(block, from, bytes);
    }
    boolean isNegative = (block[from] & 0x40) != 0;
    long value = isNegative ? -1L << 6 | (block[from] & 0x3F) : block[from] & 0x3F;
    for (int i = from + 1; i < from + bytes; i++) {
      if (value > Long.MAX_VALUE >> 8 || value < Long.MIN_VALUE >> 8) {
        throw new DamagedException("has a size of more than 63 bits");
      }
      value = value << 8 | (block[i] & 0xFF);
    }
    return value;
  }

  private static long octal(byte[] block, int from, int bytes) throws DamagedException {
    String digits = text(block, from, bytes).strip();
    if (!digits.matches("[0-7]{0,12}")) {
      throw new DamagedException("is not a tar header: it has no octal number at byte " + from);
    }
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }
}
