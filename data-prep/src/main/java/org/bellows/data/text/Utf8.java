// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 without repair. A byte that is no UTF-8 becomes a lone surrogate, 0xDC00 + the byte (as in
 * Python's PEP 383): no valid text contains one, so text can be cut into fields first and the
 * problem be reported for its field.
 */
public final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';
  private static final int ESCAPE = 0xDC00;
  private static final int SHOWN_BEFORE = 20;

  private Utf8() {}

  public static String decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /** Text of a stretch of bytes, with what is no UTF-8 escaped. */
  public static String decode(byte[] bytes, int from, int length) {
    String text = new String(bytes, from, length, StandardCharsets.UTF_8);
    // Most text has no such character; only where one is, it must be found out whose it was.
    return text.indexOf(REPLACEMENT) < 0 ? text : escaped(bytes, from, length);
  }

  /** Whether no byte had to be escaped. */
  public static boolean isValid(String decoded) {
    return firstEscape(decoded) < 0;
  }

  /**
   * The problem of decoded text.
   *
   * @return a predicate, as {@code is not UTF-8: byte 0xE4 after "K"}; null when nothing is
   */
  public static String problem(String decoded) {
    int at = firstEscape(decoded);
    if (at < 0) {
      return null;
    }
    String before = decoded.substring(Math.max(0, at - SHOWN_BEFORE), at);
    return "is not UTF-8: byte 0x%02X %s"
        .formatted(
            decoded.charAt(at) - ESCAPE,
            before.isEmpty() ? "at its beginning" : "after \"" + shown(before) + "\"");
  }

  /** For people: {@code K\xE4se}. */
  public static String shown(String decoded) {
    if (isValid(decoded)) {
      return decoded;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < decoded.length(); i++) {
      char c = decoded.charAt(i);
      if (isEscape(decoded, i)) {
        text.append("\\x%02X".formatted(c - ESCAPE));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static int firstEscape(String decoded) {
    for (int i = 0; i < decoded.length(); i++) {
      if (isEscape(decoded, i)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isEscape(String decoded, int at) {
    return Character.isLowSurrogate(decoded.charAt(at))
        && (at == 0 || !Character.isHighSurrogate(decoded.charAt(at - 1)));
  }

  private static String escaped(byte[] bytes, int from, int length) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
    CharBuffer out = CharBuffer.allocate(length);
    CoderResult result = decoder.decode(in, out, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE + (in.get() & 0xFF)));
      }
      decoder.reset();
      result = decoder.decode(in, out, true);
    }
    return out.flip().toString();
  }
}
