package org.bellows.data.prepare.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.Settings.SourceFormat;

/**
 * Tables with a column of encoded images, as other Spark jobs write them: a Parquet or sequence
 * file, or a folder of such files. A part is a Parquet file, or a stretch of a sequence file.
 */
final class TableSource {
  private static final int RGB = 3;

  /** Sequence files can be entered at sync marks. */
  private static final long STRETCH_BYTES = 256L << 20;

  private final FileSystem files;
  private final FileStatus root;
  private final Settings.Source settings;
  private final SourceFormat format;

  TableSource(FileSystem files, FileStatus root, Settings.Source settings, SourceFormat format) {
    this.files = files;
    this.root = root;
    this.settings = settings;
    this.format = format;
  }

  static boolean isTable(Path path) {
    String name = path.getName();
    return name.endsWith(".parquet") || name.endsWith(".seq") || name.startsWith("part-");
  }

  /**
   * @param entries of the root, or the root itself where it is a file
   */
  Source list(FileStatus[] entries) throws IOException {
    List<SourcePart> parts = new ArrayList<>();
    for (FileStatus entry : Arrays.stream(entries).sorted().toList()) {
      boolean isPart = isTable(entry.getPath()) || !root.isDirectory();
      if (entry.isFile() && isPart && entry.getLen() > 0) {
        addParts(entry, parts);
      }
    }
    if (parts.isEmpty()) {
      throw BellowsException.data(
          "source %s holds no %s"
              .formatted(
                  root.getPath(),
                  format == SourceFormat.PARQUET
                      ? "Parquet files (*.parquet, part-*)"
                      : "sequence files (*.seq, part-*)"));
    }
    Path folder = root.isDirectory() ? root.getPath() : root.getPath().getParent();
    return new Source(
        root.getPath().toString(),
        format,
        RGB,
        true,
        List.of(),
        ClassLabels.fromFolder(files, folder),
        parts);
  }

  private void addParts(FileStatus file, List<SourcePart> parts) {
    String path = file.getPath().toString();
    if (format == SourceFormat.PARQUET) {
      parts.add(
          new ParquetPart(
              path,
              settings.imageColumn(),
              settings.labelColumn(),
              settings.splitColumn(),
              settings.defaultSplit()));
      return;
    }
    for (long start = 0; start < file.getLen(); start += STRETCH_BYTES) {
      long end = Math.min(file.getLen(), start + STRETCH_BYTES);
      parts.add(new SequenceFilePart(path, start, end, settings.defaultSplit()));
    }
  }
}
