// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.LabelRule;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourceMask;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.prepare.source.part.SplitNames;
import org.bellows.data.storage.Storage;
import org.bellows.data.text.TextLines;

/**
 * A share of a manifest's rows: those whose count from the beginning leaves {@code share} when
 * divided by {@code shares}.
 */
record ManifestPart(
    String manifest, boolean isCsv, Columns columns, LabelRule rule, int share, int shares)
    implements SourcePart {
  static final String BAD_ROW = "BAD_ROW";

  /**
   * @param label empty: nothing is asked of labels
   * @param mask that there need not be unless it must
   * @param mustHaveMask whether a file without that column is refused
   * @param defaultSplit of rows that name none
   */
  record Columns(
      ImagePath path,
      String label,
      String mask,
      boolean mustHaveMask,
      String split,
      String defaultSplit)
      implements Serializable {}

  /**
   * The path of an image: prefix, the column's value and suffix, concatenated.
   *
   * @param column its name
   */
  record ImagePath(String column, String prefix, String suffix) implements Serializable {
    String of(ManifestRow row) {
      return of(row.value(column));
    }

    String of(String value) {
      return prefix + value + suffix;
    }
  }

  @Override
  public String place() {
    return manifest;
  }

  @Override
  public ItemIterator open(Configuration hadoop, boolean withContent) throws IOException {
    Path path = new Path(manifest);
    ManifestRows rows = rows(Storage.open(hadoop, path));
    ManifestFiles files = new ManifestFiles(hadoop, path.getParent());
    return new ItemIterator() {
      private long count;

      @Override
      protected SourceItem advance() throws IOException {
        for (ManifestRows.Text row = rows.next(); row != null; row = rows.next()) {
          if (count++ % shares == share) {
            return item(files, rows.parse(row), !isCsv || rows.lacks(columns.label()));
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
      TextLines lines = new TextLines(in, manifest);
      return isCsv
          ? new CsvRows(
              lines,
              manifest,
              required(),
              columns.label().isEmpty() ? "" : columns.mask(),
              columns.label(),
              rule)
          : new JsonRows(
              lines,
              List.of(columns.path().column(), columns.label(), columns.split(), columns.mask()),
              columns.label(),
              rule);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private List<String> required() {
    String path = columns.path().column();
    if (columns.mustHaveMask()) {
      return List.of(path, columns.mask());
    }
    return columns.label().isEmpty() ? List.of(path) : List.of(path, columns.label());
  }

  /**
   * @param mayLackLabel whether a row with a mask needs no label
   */
  private SourceItem item(ManifestFiles files, ManifestRow row, boolean mayLackLabel)
      throws IOException {
    if (row.problem() != null) {
      return bad(row, columns.defaultSplit(), row.problem());
    }
    String named = row.value(columns.split());
    String split = named.isEmpty() ? columns.defaultSplit() : named;
    if (!SplitNames.isValid(split)) {
      return bad(row, columns.defaultSplit(), SplitNames.problem(split));
    }
    if (row.value(columns.path().column()).isEmpty()) {
      return bad(row, split, "has no " + columns.path().column());
    }
    String maskFile = row.value(columns.mask());
    boolean isAsked = !columns.label().isEmpty();
    List<String> labels = isAsked ? labels(row) : null;
    if (labels == null && isAsked && (maskFile.isEmpty() || !mayLackLabel)) {
      boolean isOfMasks = isCsv && mayLackLabel;
      return bad(row, split, "has no " + (isOfMasks ? columns.mask() : columns.label()));
    }
    ManifestFiles.Named image = files.find(columns.path().of(row));
    if (image.refusal() != null) {
      return refused(row, split, image.refusal());
    }
    ManifestFiles.Named mask = maskFile.isEmpty() ? null : files.findMask(maskFile);
    if (mask != null && mask.refusal() != null) {
      return refused(row, split, mask.refusal());
    }
    return new SourceItem(
        split,
        columns.path().of(row),
        labels,
        image.status().getLen(),
        new WholeFile(image.path().toString()),
        mask == null ? List.of() : List.of(SourceMask.file(mask.path().toString())),
        null);
  }

  /** Null where there are none: a blank label is none, a list without labels is a list. */
  private List<String> labels(ManifestRow row) {
    return rule.areSeveral() || !row.value(columns.label()).isEmpty() ? row.labels() : null;
  }

  private SourceItem bad(ManifestRow row, String split, String problem) {
    return refused(row, split, new SourceItem.Refusal(BAD_ROW, problem));
  }

  private SourceItem refused(ManifestRow row, String split, SourceItem.Refusal refusal) {
    String name = manifest.substring(manifest.lastIndexOf('/') + 1);
    return SourceItem.refused(
        split,
        name + "#" + row.number(),
        refusal.kind(),
        "row %d %s".formatted(row.number(), refusal.reason()));
  }
}
