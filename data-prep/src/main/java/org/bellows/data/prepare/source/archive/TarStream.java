// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.archive;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.bellows.data.prepare.source.archive.TarHeader.DamagedException;
import org.bellows.data.storage.Storage;

/**
 * An archive that is compressed by gzip (RFC 1952) or Zstandard (RFC 8878) as a whole: it can only
 * be read from front to back. What it decompresses to is limited, since a few bytes can become any
 * number of them.
 */
final class TarStream implements TarInput {
  /** Endings of names, and what an archive is called that was decompressed. */
  private static final List<String> GZIP = List.of(".tar.gz", ".tgz");

  private static final String ZSTANDARD = ".tar.zst";

  /** Deflate shrinks the plainest pictures of one colour some thousandfold at most. */
  private static final long MOST_TIMES = 256;

  private static final long ALWAYS_ALLOWED = 64L << 20;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Tracked file;
  private final InputStream decompressed;
  private final long end;
  private final byte[] passed = new byte[BUFFER_BYTES];
  private long position;

  /** Remembers whether the file itself failed: all other failures are the content's. */
  private static final class Tracked extends FilterInputStream {
    private IOException failure;

    Tracked(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      try {
        return in.read();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      try {
        return in.read(into, from, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }

  private TarStream(Tracked file, InputStream decompressed, long end) {
    this.file = file;
    this.decompressed = decompressed;
    this.end = end;
  }

  /** Whether a file's name says that it is such an archive. */
  static boolean isOne(String name) {
    return name.endsWith(ZSTANDARD) || GZIP.stream().anyMatch(name::endsWith);
  }

  /** The name that the archive would have if it were not compressed. */
  static String plainName(String name) {
    if (!isOne(name)) {
      return name;
    }
    return name.endsWith(".tgz")
        ? name.substring(0, name.length() - ".tgz".length()) + ".tar"
        : name.substring(0, name.lastIndexOf('.'));
  }

  /**
   * @param in is closed with this, or when this throws
   * @param bytes of the file
   * @throws DamagedException when it does not begin as such a file
   */
  static TarStream open(String name, InputStream in, long bytes)
      throws IOException, DamagedException {
    Tracked file = new Tracked(new BufferedInputStream(in, BUFFER_BYTES));
    try {
      InputStream decompressed =
          name.endsWith(ZSTANDARD)
              ? new ZstdInputStream(file)
              : new GZIPInputStream(file, BUFFER_BYTES);
      return new TarStream(file, decompressed, bytes * MOST_TIMES + ALWAYS_ALLOWED);
    } catch (IOException e) {
      in.close();
      throw understood(file, e);
    }
  }

  private static DamagedException understood(Tracked file, IOException failure) throws IOException {
    if (file.failure != null) {
      throw file.failure;
    }
    return new DamagedException(
        failure instanceof EOFException
            ? "is cut off"
            : "cannot be decompressed: " + Storage.reason(failure));
  }

  @Override
  public long end() {
    return end;
  }

  @Override
  public boolean isForwardOnly() {
    return true;
  }

  @Override
  public void read(long from, byte[] into) throws IOException, DamagedException {
    pass(from);
    for (int at = 0; at < into.length; ) {
      int count = next(into, at, into.length - at);
      if (count < 0) {
        throw new EOFException();
      }
      at += count;
    }
  }

  @Override
  public void pass(long until) throws IOException, DamagedException {
    while (position < until) {
      if (next(passed, 0, (int) Math.min(passed.length, until - position)) < 0) {
        throw new EOFException();
      }
    }
  }

  /** To the end of the compressed file, where the checksum is. */
  @Override
  public void finish() throws IOException, DamagedException {
    while (next(passed, 0, passed.length) >= 0) {
      if (position > end) {
        throw new DamagedException(beyond(position, 0));
      }
    }
  }

  private int next(byte[] into, int at, int length) throws IOException, DamagedException {
    try {
      int count = decompressed.read(into, at, length);
      position += Math.max(0, count);
      return count;
    } catch (IOException e) {
      throw understood(file, e);
    }
  }

  @Override
  public String beyond(long at, long bytes) {
    return "decompresses to more than %d bytes, %d times its own length and %d MiB; decompress it to a .tar if that is right"
        .formatted(end, MOST_TIMES, ALWAYS_ALLOWED >> 20);
  }

  @Override
  public void close() throws IOException {
    decompressed.close();
  }
}
