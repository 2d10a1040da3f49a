// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.hadoop.fs.Path;

/**
 * Names on a local disk are bytes; Java makes text of them by the locale, and what the locale has
 * no letters for is lost on the way. Only the URI of a path keeps every byte.
 */
final class LocalPaths {
  /** That Java names files in: it follows from LC_ALL, LC_CTYPE or LANG when the process starts. */
  private static final Charset OF_NAMES =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private static final String UNESCAPED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-_.~";

  private LocalPaths() {}

  /** The file that a Hadoop path means, in any locale: its name in UTF-8. */
  static java.nio.file.Path of(Path path) {
    StringBuilder raw = new StringBuilder();
    for (byte b : path.toUri().getPath().getBytes(StandardCharsets.UTF_8)) {
      if (UNESCAPED.indexOf((char) b) >= 0) {
        raw.append((char) b);
      } else {
        raw.append("%%%02X".formatted(b & 0xFF));
      }
    }
    return ofRaw(raw.toString());
  }

  static java.nio.file.Path ofRaw(String raw) {
    return java.nio.file.Path.of(URI.create("file://" + raw));
  }

  /** Path of the URI, without the slash at a folder's end. */
  static String raw(java.nio.file.Path file) {
    String raw = file.toUri().getRawPath();
    return raw.length() > 1 && raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
  }

  /** The bytes of the last step of a raw path. */
  static byte[] name(String raw) {
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    for (int i = raw.lastIndexOf('/') + 1; i < raw.length(); i++) {
      if (raw.charAt(i) == '%') {
        name.write(Integer.parseInt(raw, i + 1, i + 3, 16));
        i += 2;
      } else {
        name.write(raw.charAt(i));
      }
    }
    return name.toByteArray();
  }

  /** Null, or why no path of this process leads to a file of this name: a predicate. */
  static String problem(byte[] name) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
      return Arrays.equals(text.getBytes(OF_NAMES), name)
          ? null
          : "has a name that the locale of this process cannot express (%s); set LC_ALL=C.UTF-8, for executors spark.executorEnv.LC_ALL"
              .formatted(OF_NAMES);
    } catch (CharacterCodingException e) {
      return "has a name that is not UTF-8";
    }
  }

  /** As UTF-8; bytes that are not stand as {@code \xE9}. */
  static String text(byte[] name) {
    String text = new String(name, StandardCharsets.UTF_8);
    if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), name)) {
      return text;
    }
    StringBuilder escaped = new StringBuilder();
    for (byte b : name) {
      escaped.append(b >= 0 ? String.valueOf((char) b) : "\\x%02X".formatted(b & 0xFF));
    }
    return escaped.toString();
  }
}
