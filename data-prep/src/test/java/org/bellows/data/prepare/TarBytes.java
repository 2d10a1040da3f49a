// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Tar archives for tests, byte by byte: no library writes what an attacker would. */
final class TarBytes {
  private static final int BLOCK = 512;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  TarBytes file(String name, byte[] content) {
    return entry(name, octal(content.length), '0', content);
  }

  /** A file whose name is not UTF-8. */
  TarBytes latinFile(String name, byte[] content) {
    return entry(name.getBytes(StandardCharsets.ISO_8859_1), octal(content.length), '0', content);
  }

  /** An entry with this type flag and no content. */
  TarBytes special(String name, char type) {
    return entry(name, octal(0), type, new byte[0]);
  }

  /** A file whose header claims another size than its content has. */
  TarBytes lying(String name, byte[] size, byte[] content) {
    return entry(name, size, '0', content);
  }

  TarBytes pax(String... records) {
    StringBuilder text = new StringBuilder();
    for (String record : records) {
      // The length counts its own digits.
      int length = record.getBytes(StandardCharsets.UTF_8).length + 2 + 2;
      length = length > 99 ? length + 1 : length;
      text.append(length).append(' ').append(record).append('\n');
    }
    byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
    return entry("PaxHeaders/x", octal(content.length), 'x', content);
  }

  TarBytes gnuLongName(String name) {
    byte[] content = (name + "\0").getBytes(StandardCharsets.UTF_8);
    return entry("././@LongLink", octal(content.length), 'L', content);
  }

  TarBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** The archive with its end mark. */
  byte[] end() {
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  static byte[] octal(long size) {
    return String.format(Locale.ROOT, "%011o\0", size).getBytes(StandardCharsets.US_ASCII);
  }

  /** Base-256, as GNU tar writes sizes of 8 GiB and more; -1 is all bits set. */
  static byte[] binary(long size) {
    byte[] field = new byte[12];
    for (int i = 0; i < 8; i++) {
      field[11 - i] = (byte) (size >> (8 * i));
    }
    Arrays.fill(field, 0, 4, (byte) (size < 0 ? 0xFF : 0));
    field[0] |= (byte) 0x80;
    return field;
  }

  private TarBytes entry(String name, byte[] size, char type, byte[] content) {
    return entry(name.getBytes(StandardCharsets.UTF_8), size, type, content);
  }

  private TarBytes entry(byte[] name, byte[] size, char type, byte[] content) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000644\0".getBytes(StandardCharsets.US_ASCII));
    put(header, 124, size);
    header[156] = (byte) type;
    put(header, 257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte value : header) {
      sum += value & 0xFF;
    }
    put(
        header,
        148,
        String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(header);
    out.writeBytes(content);
    out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    return this;
  }

  private static void put(byte[] header, int at, byte[] field) {
    System.arraycopy(field, 0, header, at, field.length);
  }
}
