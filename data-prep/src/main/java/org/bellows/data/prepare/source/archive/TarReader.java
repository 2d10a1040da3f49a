// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.archive;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.bellows.data.prepare.source.archive.TarHeader.DamagedException;
import org.bellows.data.prepare.source.part.ItemContent;
import org.bellows.data.prepare.source.part.SourceItem.Refusal;
import org.bellows.data.text.Utf8;

/**
 * Walks the headers of a tar archive, or of one inside another, skipping the contents. Nothing in
 * the archive is trusted: an entry that cannot be a plain file below the current folder is refused,
 * and after a header that makes no sense the walk ends. Each step moves forward, so it does end.
 */
final class TarReader implements Closeable {
  static final String UNSAFE = "UNSAFE_ENTRY";
  static final String DAMAGED = "DAMAGED_ARCHIVE";

  /** Longest name and longest pax header that is read into memory. */
  private static final int MOST_METADATA_BYTES = 1 << 16;

  private static final char GNU_LONG_NAME = 'L';
  private static final char GNU_LONG_LINK = 'K';
  private static final char GNU_VOLUME = 'V';
  private static final char PAX = 'x';
  private static final char PAX_GLOBAL = 'g';

  private final TarInput in;
  private final Kept kept;
  private long position;
  private boolean hasEnded;

  /** Values that extended headers give for the entry that follows; null or -1 if they give none. */
  private String longName;

  private long longSize = -1;

  /**
   * @param offset of the content in the archive's file
   * @param content where it can only be read in passing, and was kept; else null
   * @param refusal null for a plain file
   */
  record Entry(String name, long offset, long bytes, byte[] content, Refusal refusal) {}

  /** Of which entries the content is kept while it is passed. */
  interface Kept {
    boolean isKept(String name, long bytes);
  }

  /**
   * @param start where the archive begins in the file
   * @param end where it ends
   */
  TarReader(FSDataInputStream in, long start, long end) {
    this(new TarFile(in, end), start, (name, bytes) -> false);
  }

  private TarReader(TarInput in, long start, Kept kept) {
    this.in = in;
    this.position = start;
    this.kept = kept;
  }

  /** Of an archive that can only be read in passing. */
  static TarReader ofStream(TarStream in, Kept kept) {
    return new TarReader(in, 0, kept);
  }

  /** The next entry that is not a folder, or null at the end. */
  Entry next() throws IOException {
    while (!hasEnded) {
      long at = position;
      try {
        Entry entry = step();
        if (entry != null) {
          return entry;
        }
      } catch (DamagedException e) {
        hasEnded = true;
        return damaged("@" + at, at, e.getMessage());
      } catch (EOFException e) {
        hasEnded = true;
        return damaged("@" + at, at, "is cut off");
      }
    }
    return null;
  }

  /** The content of an entry; in passing it must have been kept. */
  byte[] content(Entry entry) throws IOException {
    if (in.isForwardOnly()) {
      return entry.content();
    }
    byte[] bytes = new byte[Math.toIntExact(entry.bytes())];
    try {
      in.read(entry.offset(), bytes);
    } catch (DamagedException e) {
      throw new IOException(e.getMessage(), e);
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** One header; null where it is no entry of its own. */
  private Entry step() throws IOException, DamagedException {
    if (position + TarHeader.BLOCK_BYTES > in.end()) {
      throw new DamagedException(
          in.isForwardOnly()
              ? in.beyond(position, TarHeader.BLOCK_BYTES)
              : "is cut off: the archive ends without its end mark");
    }
    byte[] block = new byte[TarHeader.BLOCK_BYTES];
    in.read(position, block);
    if (TarHeader.isEndMark(block)) {
      hasEnded = true;
      in.finish();
      return null;
    }
    long at = position;
    TarHeader header = TarHeader.parse(block);
    position += TarHeader.BLOCK_BYTES;
    boolean isMetadata =
        switch (header.type()) {
          case GNU_LONG_NAME, GNU_LONG_LINK, GNU_VOLUME, PAX, PAX_GLOBAL -> true;
          default -> false;
        };
    String name = isMetadata || longName == null ? header.name() : longName;
    long bytes = isMetadata || longSize < 0 ? header.size() : longSize;
    long left = in.end() - position;
    if (bytes < 0 || bytes > left) {
      hasEnded = true;
      String wrong =
          bytes < 0 ? "has a size of %d bytes".formatted(bytes) : in.beyond(position, bytes);
      return damaged(":" + name, at, wrong);
    }
    long content = position;
    // Contents are filled up to whole blocks; the last one may lack the filling.
    position += Math.min(left, roundUp(bytes));
    if (isMetadata) {
      readMetadata(header, content, bytes);
      return null;
    }
    longName = null;
    longSize = -1;
    if (header.isFolder()) {
      return null;
    }
    Entry entry = entry(header, name, content, bytes);
    if (!in.isForwardOnly()) {
      return entry;
    }
    boolean isWanted =
        entry.refusal() == null
            && bytes <= ItemContent.MOST_BYTES
            && kept.isKept(entry.name(), bytes);
    byte[] read = isWanted ? new byte[(int) bytes] : null;
    if (isWanted) {
      in.read(content, read);
    }
    // An entry that is cut off must not be found before that is known.
    in.pass(content + bytes);
    return new Entry(entry.name(), content, bytes, read, entry.refusal());
  }

  private static Entry entry(TarHeader header, String name, long offset, long bytes) {
    if (!header.isFile()) {
      return unsafe(name, "is " + header.typeName() + ", expected a file");
    }
    if (!Utf8.isValid(name)) {
      return unsafe(name, "has a path that " + Utf8.problem(name));
    }
    if (name.startsWith("/") || name.matches("[A-Za-z]:.*")) {
      return unsafe(name, "has an absolute path");
    }
    for (String step : name.split("[/\\\\]", -1)) {
      if (step.equals("..")) {
        return unsafe(name, "has a path with \"..\"");
      }
    }
    if (name.isBlank() || name.chars().anyMatch(c -> c < ' ' || c == '\\')) {
      return unsafe(name, "has a path that is empty or holds control characters or backslashes");
    }
    return new Entry(name.replaceFirst("^(\\./)+", ""), offset, bytes, null, null);
  }

  private static Entry unsafe(String name, String reason) {
    return new Entry(":" + Utf8.shown(name), 0, 0, null, new Refusal(UNSAFE, reason));
  }

  private static Entry damaged(String name, long at, String reason) {
    String text = "%s (header at byte %d); the rest of the archive is not read";
    return new Entry(
        Utf8.shown(name), 0, 0, null, new Refusal(DAMAGED, text.formatted(reason, at)));
  }

  private void readMetadata(TarHeader header, long offset, long bytes)
      throws IOException, DamagedException {
    if (header.type() != GNU_LONG_NAME && header.type() != PAX) {
      return;
    }
    if (bytes > MOST_METADATA_BYTES) {
      throw new DamagedException(
          "has an extended header of %d bytes, allowed are %d"
              .formatted(bytes, MOST_METADATA_BYTES));
    }
    byte[] content = new byte[(int) bytes];
    in.read(offset, content);
    if (header.type() == GNU_LONG_NAME) {
      String text = Utf8.decode(content);
      longName = text.indexOf('\0') < 0 ? text : text.substring(0, text.indexOf('\0'));
    } else {
      readPax(content);
    }
  }

  /** Records "LENGTH KEY=VALUE\n", where LENGTH counts the whole record. */
  private void readPax(byte[] content) throws DamagedException {
    int from = 0;
    while (from < content.length) {
      int space = from;
      while (space < content.length && content[space] != ' ') {
        space++;
      }
      int length = paxNumber(Utf8.decode(content, from, space - from));
      if (length <= space - from + 1 || length > content.length - from) {
        throw new DamagedException("has a pax header whose lengths do not fit");
      }
      String record = Utf8.decode(content, space + 1, from + length - space - 2);
      if (record.startsWith("path=")) {
        longName = record.substring("path=".length());
      } else if (record.startsWith("size=")) {
        longSize = paxSize(record.substring("size=".length()));
      }
      from += length;
    }
  }

  private static int paxNumber(String digits) throws DamagedException {
    if (!digits.matches("[0-9]{1,6}")) {
      throw new DamagedException("has a pax header whose lengths are no numbers");
    }
    return Integer.parseInt(digits);
  }

  private static long paxSize(String digits) throws DamagedException {
    if (!digits.matches("[0-9]{1,18}")) {
      throw new DamagedException("has a pax header with size " + digits);
    }
    return Long.parseLong(digits);
  }

  private static long roundUp(long bytes) {
    long over = bytes % TarHeader.BLOCK_BYTES;
    return over == 0 ? bytes : bytes + TarHeader.BLOCK_BYTES - over;
  }
}
