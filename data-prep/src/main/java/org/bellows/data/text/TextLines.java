// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.text;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.bellows.conf.BellowsException;

/**
 * The lines of a text, one at a time: UTF-8, a byte order mark is passed over, a line ends with LF,
 * CR LF or CR. A line that is too long is reported as such and skipped without being kept in
 * memory.
 */
public final class TextLines implements Closeable {
  /** The limit for one line; also for the text between two quotes of a table. */
  public static final int MOST_BYTES = 1 << 22;

  private static final int BUFFER_BYTES = 1 << 16;
  private static final byte[] UTF_8_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final int UTF_16_MARK = 0xFE + 0xFF;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int limit;
  private long number;

  /**
   * A line without its end.
   *
   * @param number from 1
   * @param text with what is no UTF-8 {@link Utf8 escaped}; empty when the line is too long
   * @param end LF, CR LF or CR; empty after the last line
   * @param problem null, or a predicate: why the text is not what stands there
   */
  public record Line(long number, String text, String end, String problem) {}

  /**
   * @param file for messages
   * @throws BellowsException (data) when it is UTF-16
   */
  public TextLines(InputStream in, String file) throws IOException {
    this.in = in;
    fill();
    boolean isUtf16 =
        limit >= 2
            && (buffer[0] == (byte) 0xFE || buffer[0] == (byte) 0xFF)
            && (buffer[0] & 0xFF) + (buffer[1] & 0xFF) == UTF_16_MARK;
    if (isUtf16) {
      throw BellowsException.data(file + " is UTF-16 text, expected UTF-8");
    }
    if (limit >= UTF_8_MARK.length
        && buffer[0] == UTF_8_MARK[0]
        && buffer[1] == UTF_8_MARK[1]
        && buffer[2] == UTF_8_MARK[2]) {
      at = UTF_8_MARK.length;
    }
  }

  /** The next line, or null at the end. */
  public Line next() throws IOException {
    if (at == limit && !fill()) {
      return null;
    }
    number++;
    ByteArrayOutputStream whole = null;
    long bytes = 0;
    while (true) {
      int from = at;
      while (at < limit && buffer[at] != '\n' && buffer[at] != '\r') {
        at++;
      }
      bytes += at - from;
      if (at < limit && whole == null) {
        String text = Utf8.decode(buffer, from, at - from);
        return new Line(number, text, end(), null);
      }
      whole = whole == null ? new ByteArrayOutputStream(2 * BUFFER_BYTES) : whole;
      if (bytes <= MOST_BYTES) {
        whole.write(buffer, from, at - from);
      }
      if (at < limit || !fill()) {
        return line(whole, bytes);
      }
    }
  }

  private Line line(ByteArrayOutputStream whole, long bytes) throws IOException {
    return bytes > MOST_BYTES
        ? new Line(
            number, "", end(), "is a line of %d bytes, allowed are %d".formatted(bytes, MOST_BYTES))
        : new Line(number, Utf8.decode(whole.toByteArray()), end(), null);
  }

  /** Steps over what ends a line. */
  private String end() throws IOException {
    if (at == limit) {
      return "";
    }
    if (buffer[at++] == '\n') {
      return "\n";
    }
    if ((at < limit || fill()) && buffer[at] == '\n') {
      at++;
      return "\r\n";
    }
    return "\r";
  }

  private boolean fill() throws IOException {
    at = 0;
    limit = in.readNBytes(buffer, 0, buffer.length);
    return limit > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
