// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.progress;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import org.bellows.conf.text.PrintableText;

/**
 * The one place between this process and a terminal: all output (our commands, picocli's words
 * about arguments, the log, a stack trace) passes {@link PrintableText#text}. Names of files,
 * classes and layers come from outside, and a terminal would execute control characters in them.
 */
public final class PrintableStream extends PrintStream {
  private final PrintStream raw;

  PrintableStream(PrintStream raw, Charset charset) {
    super(new Escaping(raw, charset), true, charset);
    this.raw = raw;
  }

  /** Puts itself in the place of {@link System#out} and {@link System#err}, once. */
  public static void install() {
    System.setOut(of(System.out, "stdout.encoding"));
    System.setErr(of(System.err, "stderr.encoding"));
  }

  /**
   * The underlying stream, for writers that make their text printable themselves and rewrite lines.
   */
  static PrintStream raw(PrintStream stream) {
    return stream instanceof PrintableStream printable ? printable.raw : stream;
  }

  /**
   * @param property where Java says which encoding the stream has if it is a terminal's
   */
  private static PrintableStream of(PrintStream stream, String property) {
    if (stream instanceof PrintableStream known) {
      return known;
    }
    String terminal = System.getProperty(property, System.getProperty("sun." + property));
    Charset charset = terminal == null ? Charset.defaultCharset() : Charset.forName(terminal);
    return new PrintableStream(stream, charset);
  }

  /** Bytes -> characters -> printable ones -> bytes; half a character waits for its other half. */
  private static final class Escaping extends OutputStream {
    private static final int MOST_BYTES_OF_A_CHARACTER = 16;

    private final PrintStream to;
    private final Charset charset;
    private final CharsetDecoder decoder;
    private final ByteBuffer waiting = ByteBuffer.allocate(MOST_BYTES_OF_A_CHARACTER);

    Escaping(PrintStream to, Charset charset) {
      this.to = to;
      this.charset = charset;
      this.decoder =
          charset
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPLACE)
              .onUnmappableCharacter(CodingErrorAction.REPLACE);
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer in = ByteBuffer.allocate(waiting.position() + length);
      in.put(waiting.flip()).put(bytes, offset, length).flip();
      CharBuffer out = CharBuffer.allocate((int) (in.limit() * decoder.maxCharsPerByte()) + 1);
      decoder.decode(in, out, false);
      waiting.clear().put(in);
      byte[] printable = PrintableText.text(out.flip().toString()).getBytes(charset);
      to.write(printable, 0, printable.length);
    }

    @Override
    public void flush() {
      to.flush();
    }

    @Override
    public void close() {
      to.close();
    }
  }
}
