package org.bellows.data.prepare;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.data.storage.NewFile;

/**
 * {@code quarantine.tsv}: a line of path, kind and cause for everything that was refused. It is put
 * together from the shards' own files as streams, however long it becomes.
 */
final class QuarantineFile {
  static final String NAME = "quarantine.tsv";

  private static final String HEADER = "path\tkind\tcause\n";

  private QuarantineFile() {}

  /** A tab or line break in a file's name must not shift the columns. */
  static String cell(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /**
   * Replaces the file; with nothing refused, an old one is removed.
   *
   * @param parts in the order of the lines
   */
  static void write(FileSystem files, Path folder, List<Path> parts) throws IOException {
    Path target = new Path(folder, NAME);
    if (parts.isEmpty()) {
      files.delete(target, false);
      return;
    }
    Path temporary = new Path(folder, ".tmp-" + NAME + "-" + UUID.randomUUID());
    try {
      try (OutputStream out = NewFile.create(files, temporary, true)) {
        out.write(HEADER.getBytes(StandardCharsets.UTF_8));
        for (Path part : parts) {
          try (InputStream in = files.open(part)) {
            in.transferTo(out);
          }
        }
      }
      files.delete(target, false);
      if (!files.rename(temporary, target)) {
        throw new IOException("cannot rename " + temporary + " to " + target);
      }
    } catch (IOException | FSError e) {
      files.delete(temporary, false);
      throw e;
    }
  }
}
