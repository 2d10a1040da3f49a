// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.data.storage.Storage;

/** Tells a file's format by its first bytes. */
public final class FileMagic {
  private FileMagic() {}

  /**
   * @param magic the expected bytes in hexadecimal
   */
  public static boolean startsWith(FileSystem files, Path file, String magic) throws IOException {
    byte[] expected = HexFormat.of().parseHex(magic);
    try (InputStream in = Storage.open(files.getConf(), file)) {
      return Arrays.equals(in.readNBytes(expected.length), expected);
    }
  }
}
