// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** Files that people write settings into. */
public final class ConfigText {
  private ConfigText() {}

  /**
   * A file of settings. The library would replace what is not UTF-8, and a path in it would lead
   * elsewhere.
   *
   * @throws ConfigException when it is not UTF-8 or cannot be parsed
   */
  public static Config parse(File file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file.toPath());
    } catch (IOException e) {
      throw new ConfigException.Generic(String.valueOf(e.getMessage()), e);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(in, CharBuffer.allocate(bytes.length), true);
    if (result.isError()) {
      int line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      throw new ConfigException.Generic(
          "line %d is not UTF-8: byte 0x%02X".formatted(line, bytes[in.position()]));
    }
    return ConfigFactory.parseFile(file);
  }
}
