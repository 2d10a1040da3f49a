// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.torch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.bellows.conf.BellowsException;
import org.bellows.worker.model.tensor.ByteSlice;
import org.bellows.worker.model.tensor.PrintableName;

/**
 * The zip archive that PyTorch writes since 1.6, by its central directory. Entries are stored, not
 * compressed; entries that overlap, stand outside the file, are compressed, encrypted or named like
 * paths out of the archive, or whose CRC-32 is wrong are refused.
 */
final class TorchArchive {
  static final int LOCAL_HEADER = 0x04034b50;
  private static final int CENTRAL_HEADER = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int CENTRAL_BYTES = 46;
  private static final int LOCAL_BYTES = 30;
  private static final int ENCRYPTED = 1;
  private static final int MOST_ENTRIES = 0xfffe;

  private final ByteBuffer file;
  private final ByteSlice content;
  private final String where;

  private record Entry(String name, int start, int length, int crc) {
    int end() {
      return start + length;
    }
  }

  private TorchArchive(byte[] content, String where) {
    this.content = ByteSlice.of(content);
    this.file = this.content.buffer();
    this.where = where;
  }

  /**
   * The entries by name, without the folder that all of them are in.
   *
   * @throws BellowsException (data) in one sentence
   */
  static Map<String, ByteSlice> entries(byte[] content, String where) {
    try {
      return new TorchArchive(content, where).entries();
    } catch (IndexOutOfBoundsException e) {
      throw BellowsException.data(where + " is refused: its zip directory is damaged", e);
    }
  }

  private Map<String, ByteSlice> entries() {
    int end = end();
    int count = file.getShort(end + 10) & 0xffff;
    long at = file.getInt(end + 16) & 0xffffffffL;
    if (count > MOST_ENTRIES) {
      throw refused("it has more than " + MOST_ENTRIES + " entries");
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int header = Math.toIntExact(Math.min(at, content.length()));
      entries.add(entry(header));
      at += CENTRAL_BYTES + lengths(header + 28, 3);
    }
    requireApart(entries);
    Map<String, ByteSlice> byName = new LinkedHashMap<>();
    for (Entry entry : entries) {
      // "archive/data.pkl"
      String inner = entry.name().substring(entry.name().indexOf('/') + 1);
      if (byName.put(inner, checked(entry)) != null) {
        throw refused("entry %s is there twice".formatted(PrintableName.name(inner)));
      }
    }
    return byName;
  }

  /** PyTorch leaves no comment, so the end is the end. */
  private int end() {
    int end = content.length() - END_BYTES;
    if (end < 0 || file.getInt(end) != END) {
      throw refused("it is cut off: a zip's last record is not at its end");
    }
    return end;
  }

  private Entry entry(int header) {
    if (file.getInt(header) != CENTRAL_HEADER) {
      throw refused("its zip directory is damaged");
    }
    String name = text(header + CENTRAL_BYTES, file.getShort(header + 28) & 0xffff);
    if (name.contains("..") || name.startsWith("/") || name.contains("\\")) {
      throw refused("entry %s is no name that PyTorch writes".formatted(PrintableName.name(name)));
    }
    int flags = file.getShort(header + 8);
    int method = file.getShort(header + 10);
    if (method != 0 || (flags & ENCRYPTED) != 0) {
      throw refused(
          "entry %s is compressed or encrypted; PyTorch stores"
              .formatted(PrintableName.name(name)));
    }
    long packed = file.getInt(header + 20) & 0xffffffffL;
    long length = file.getInt(header + 24) & 0xffffffffL;
    long local = file.getInt(header + 42) & 0xffffffffL;
    if (packed != length || local > content.length() || length > content.length()) {
      throw refused(
          "entry %s has %d bytes from byte %d, the file has %d"
              .formatted(PrintableName.name(name), length, local, content.length()));
    }
    int start = start((int) local, name);
    return new Entry(name, start, (int) length, file.getInt(header + 16));
  }

  /** The position after the entry's own header, which must have the same name. */
  private int start(int local, String name) {
    int nameBytes = file.getShort(local + 26) & 0xffff;
    if (file.getInt(local) != LOCAL_HEADER || !text(local + LOCAL_BYTES, nameBytes).equals(name)) {
      throw refused("entry %s is not where the directory says".formatted(PrintableName.name(name)));
    }
    return local + LOCAL_BYTES + lengths(local + 26, 2);
  }

  /** Sum of some 16-bit lengths. */
  private int lengths(int from, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += file.getShort(from + 2 * i) & 0xffff;
    }
    return sum;
  }

  private String text(int from, int bytes) {
    byte[] text = new byte[bytes];
    file.get(from, text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private void requireApart(List<Entry> entries) {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingInt(Entry::start));
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).start() < sorted.get(i - 1).end()) {
        throw refused(
            "entries %s and %s overlap"
                .formatted(
                    PrintableName.name(sorted.get(i - 1).name()),
                    PrintableName.name(sorted.get(i).name())));
      }
    }
  }

  private ByteSlice checked(Entry entry) {
    ByteSlice slice = content.part(entry.start(), entry.length());
    CRC32 crc = new CRC32();
    crc.update(slice.file(), slice.from(), slice.length());
    if ((int) crc.getValue() != entry.crc()) {
      throw refused(
          "entry %s is damaged: its CRC-32 is wrong".formatted(PrintableName.name(entry.name())));
    }
    return slice;
  }

  private BellowsException refused(String why) {
    return BellowsException.data(where + " is refused: " + why);
  }
}
