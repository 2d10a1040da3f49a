package org.bellows.data.prepare.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.bellows.data.prepare.source.ItemContent.WholeFile;
import org.bellows.data.storage.Storage;

/**
 * A share of a manifest's rows: those whose count from the beginning leaves {@code share} when
 * divided by {@code shares}.
 */
record ManifestPart(String manifest, boolean isCsv, Columns columns, int share, int shares)
    implements SourcePart {
  static final String BAD_ROW = "BAD_ROW";

  private static final String PATH = "path";
  private static final String MASK = "mask";

  /**
   * @param defaultSplit of rows that name none
   */
  record Columns(String label, String split, String defaultSplit) implements Serializable {}

  @Override
  public String place() {
    return manifest;
  }

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    Path path = new Path(manifest);
    InputStream in = Storage.fileSystem(hadoop, path).open(path);
    ManifestRows rows = rows(in);
    return new ItemIterator() {
      private long count;

      @Override
      protected SourceItem advance() throws IOException {
        for (ManifestRow row = rows.next(); row != null; row = rows.next()) {
          if (count++ % shares == share) {
            return item(hadoop, path, row);
          }
        }
        return null;
      }

      @Override
      public void close() throws IOException {
        rows.close();
      }
    };
  }

  private ManifestRows rows(InputStream in) throws IOException {
    try {
      return isCsv ? new CsvRows(in, manifest, List.of(PATH, columns.label())) : new JsonRows(in);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private SourceItem item(Configuration hadoop, Path file, ManifestRow row) throws IOException {
    if (row.problem() != null) {
      return bad(row, columns.defaultSplit(), row.problem());
    }
    String named = row.value(columns.split());
    String split = named.isEmpty() ? columns.defaultSplit() : named;
    if (!SplitNames.isValid(split)) {
      return bad(row, columns.defaultSplit(), SplitNames.problem(split));
    }
    for (String column : List.of(PATH, columns.label())) {
      if (row.value(column).isEmpty()) {
        return bad(row, split, "has no " + column);
      }
    }
    try {
      return image(hadoop, file.getParent(), row, split);
    } catch (IllegalArgumentException e) {
      return bad(row, split, "has a malformed path: " + Storage.reason(e));
    }
  }

  private SourceItem image(Configuration hadoop, Path folder, ManifestRow row, String split)
      throws IOException {
    String written = row.value(PATH);
    Path image = Storage.resolve(folder, written);
    FileStatus status;
    try {
      status = Storage.fileSystem(hadoop, image).getFileStatus(image);
    } catch (FileNotFoundException e) {
      String problem = Storage.nameProblem(image);
      return bad(
          row,
          split,
          problem == null
              ? "names %s, and there is no such file".formatted(written)
              : "names %s, which %s".formatted(written, problem));
    } catch (IOException e) {
      if (!Storage.isOfFile(e)) {
        throw e;
      }
      return bad(
          row, split, "names %s, which cannot be read: %s".formatted(written, Storage.reason(e)));
    }
    if (!status.isFile() || Storage.isSpecial(image)) {
      return bad(row, split, "names %s, which is not a file".formatted(written));
    }
    String mask = row.value(MASK);
    return new SourceItem(
        split,
        written,
        row.value(columns.label()),
        status.getLen(),
        new WholeFile(image.toString()),
        mask.isEmpty() ? null : Storage.resolve(folder, mask).toString(),
        null);
  }

  private SourceItem bad(ManifestRow row, String split, String problem) {
    String name = manifest.substring(manifest.lastIndexOf('/') + 1);
    return SourceItem.refused(
        split, name + "#" + row.number(), BAD_ROW, "row %d %s".formatted(row.number(), problem));
  }
}
