// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.data.storage.AtomicFile;

/**
 * Lists in {@code data.path}, a line an entry. They are put together from parts as streams, however
 * long they become.
 */
public enum ListFile {
  /** Everything that was refused. */
  QUARANTINE("quarantine.tsv", "path\tkind\tcause\n"),

  /** Everything that was passed over. */
  PASSED_OVER("passed-over.tsv", "path\tkind\n");

  private final String fileName;
  private final String header;

  ListFile(String fileName, String header) {
    this.fileName = fileName;
    this.header = header;
  }

  String fileName() {
    return fileName;
  }

  /** A tab or line break in a file's name must not shift the columns. */
  public static String cell(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /**
   * Replaces the file; with nothing to list, an old one is removed.
   *
   * @param parts in the order of the lines
   */
  void write(FileSystem files, Path folder, List<Path> parts) throws IOException {
    Path target = new Path(folder, fileName);
    if (parts.isEmpty()) {
      files.delete(target, false);
      return;
    }
    AtomicFile.write(
        files,
        target,
        out -> {
          out.write(header.getBytes(StandardCharsets.UTF_8));
          for (Path part : parts) {
            try (InputStream in = files.open(part)) {
              in.transferTo(out);
            }
          }
        });
  }
}
