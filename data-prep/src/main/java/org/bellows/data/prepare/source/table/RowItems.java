// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.bellows.data.prepare.source.part.ItemContent.EncodedBytes;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourceMask;
import org.bellows.data.prepare.source.part.SplitNames;
import org.bellows.data.storage.Sha256;

/**
 * From the values of a table's row to an item. An item is named by its path; one without a path by
 * the SHA-256 of its bytes. So its name depends on no order of rows. Relative paths begin at the
 * home directory of {@code fs.defaultFS}, as in Spark. Not thread-safe.
 */
public final class RowItems {
  /** A name of 128 bits: two pictures share one by chance in no table that there is. */
  private static final int NAME_DIGITS = 32;

  private final ManifestFiles files;
  private final String defaultSplit;

  /**
   * The values of a row.
   *
   * @param path of the image's file, or the name of the image whose bytes are given; null: none
   * @param content an encoded image; null: the file at the path is the image
   * @param labels as text; null: none
   * @param mask null: none
   * @param split null: the default
   * @param problem null, or why the row is refused, as a predicate
   */
  public record Values(
      String path, byte[] content, List<String> labels, Mask mask, String split, String problem) {}

  /** A mask's file, or the encoded mask itself; the other is null. */
  public record Mask(String path, byte[] content) {
    /** Null where there is none. */
    public static Mask of(String path) {
      return isBlank(path) ? null : new Mask(path.strip(), null);
    }

    /** Null where there is none. */
    public static Mask of(byte[] content) {
      return content == null ? null : new Mask(null, content);
    }
  }

  /**
   * @param defaultSplit of rows that name none
   * @throws IOException when {@code fs.defaultFS} cannot be had
   */
  public RowItems(Configuration hadoop, String defaultSplit) throws IOException {
    this.files = new ManifestFiles(hadoop, FileSystem.get(hadoop).getWorkingDirectory());
    this.defaultSplit = defaultSplit;
  }

  /**
   * @throws IOException when the file system of relative paths fails
   */
  public SourceItem item(Values row) throws IOException {
    String name = name(row);
    String split = isBlank(row.split()) ? defaultSplit : row.split().strip();
    if (!SplitNames.isValid(split)) {
      return bad(defaultSplit, name, SplitNames.problem(split));
    }
    if (row.problem() != null) {
      return bad(split, name, row.problem());
    }
    if (row.content() == null && isBlank(row.path())) {
      return bad(split, name, "has no image");
    }
    if (row.labels() == null && row.mask() == null) {
      return bad(split, name, "has no label");
    }
    List<SourceMask> masks = List.of();
    if (row.mask() != null && row.mask().content() != null) {
      masks = List.of(SourceMask.unnamed(row.mask().content()));
    } else if (row.mask() != null) {
      ManifestFiles.Named mask = files.findMask(row.mask().path());
      if (mask.refusal() != null) {
        return refused(split, name, mask.refusal());
      }
      masks = List.of(SourceMask.file(mask.path().toString()));
    }
    if (row.content() != null) {
      EncodedBytes content = new EncodedBytes(row.content());
      return new SourceItem(split, name, row.labels(), row.content().length, content, masks, null);
    }
    ManifestFiles.Named image = files.find(row.path().strip());
    return image.refusal() != null
        ? refused(split, name, image.refusal())
        : new SourceItem(
            split,
            name,
            row.labels(),
            image.status().getLen(),
            new WholeFile(image.path().toString()),
            masks,
            null);
  }

  private static String name(Values row) {
    if (!isBlank(row.path())) {
      return row.path().strip();
    }
    return row.content() == null ? "a row" : Sha256.of(row.content()).substring(0, NAME_DIGITS);
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }

  private static SourceItem bad(String split, String name, String problem) {
    return SourceItem.refused(split, name, ManifestPart.BAD_ROW, problem);
  }

  private static SourceItem refused(String split, String name, SourceItem.Refusal refusal) {
    return SourceItem.refused(split, name, refusal.kind(), refusal.reason());
  }
}
