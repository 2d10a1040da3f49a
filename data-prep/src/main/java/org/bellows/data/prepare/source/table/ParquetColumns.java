// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.parquet.schema.MessageType;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;

/**
 * The columns of a Parquet file that are read.
 *
 * @param paths null where the table has the images themselves
 * @param image null where it has paths
 * @param label null where none is asked for, or rows have masks and no labels
 * @param mask null where none is asked for
 * @param split null where the table has none
 */
record ParquetColumns(
    LabelColumn paths,
    ImageColumn image,
    LabelListColumn label,
    MaskColumn mask,
    TableColumn split) {
  /**
   * @throws BellowsException (data) for a column that is missing or of another type
   */
  static ParquetColumns of(MessageType schema, ParquetPart asked) {
    return new Finder(schema, asked).columns();
  }

  /**
   * @param withContent whether images are read
   * @param withMasks whether encoded masks are
   */
  MessageType projection(MessageType schema, boolean withContent, boolean withMasks) {
    Set<List<String>> read = new HashSet<>();
    if (label != null) {
      read.add(label.path());
    }
    if (paths != null) {
      read.add(paths.path());
    }
    if (split != null) {
      read.add(split.path());
    }
    if (mask != null) {
      read.addAll(mask.paths(withMasks));
    }
    if (withContent && image != null) {
      image.columns().forEach(column -> read.add(column.path()));
    }
    return TableColumn.projection(schema, read);
  }

  private record Finder(MessageType schema, ParquetPart asked) {
    ParquetColumns columns() {
      TableColumn splitColumn = TableColumn.find(schema, asked.split()).orElse(null);
      if (splitColumn != null && !LabelColumn.isText(splitColumn.type())) {
        throw unexpected(splitColumn, "a column of text");
      }
      TableColumn named = TableColumn.find(schema, asked.image()).orElse(null);
      TableColumn paths =
          named == null ? TableColumn.find(schema, asked.path().column()).orElse(null) : named;
      boolean arePaths = paths != null && LabelColumn.isMarkedText(paths.type());
      return new ParquetColumns(
          arePaths ? new LabelColumn(paths) : null,
          arePaths ? null : images(),
          labels().orElse(null),
          masks().orElse(null),
          splitColumn);
    }

    private ImageColumn images() {
      String images = "a column of bytes";
      TableColumn column = column(asked.image(), images);
      return ImageColumn.of(column)
          .orElseThrow(
              () ->
                  unexpected(
                      column,
                      images
                          + ", a struct with a field bytes, or the struct of Spark's image"
                          + " source"));
    }

    private Optional<LabelListColumn> labels() {
      boolean mayBeMissing = !asked.mask().isEmpty();
      if (asked.label().isEmpty()
          || (mayBeMissing && TableColumn.find(schema, asked.label()).isEmpty())) {
        return Optional.empty();
      }
      String labels =
          asked.rule().areSeveral()
              ? "a column of text, of whole numbers, or of lists of them"
              : "a column of text or whole numbers";
      TableColumn column = column(asked.label(), labels);
      return Optional.of(
          LabelListColumn.of(column, asked.rule()).orElseThrow(() -> unexpected(column, labels)));
    }

    private Optional<MaskColumn> masks() {
      if (asked.mask().isEmpty()) {
        return Optional.empty();
      }
      String masks = "a column of encoded masks, of their paths, or a struct with a field bytes";
      TableColumn column = column(asked.mask(), masks);
      return Optional.of(MaskColumn.of(column).orElseThrow(() -> unexpected(column, masks)));
    }

    private TableColumn column(String name, String expected) {
      return TableColumn.find(schema, name)
          .orElseThrow(
              () ->
                  BellowsException.data(
                      "%s has the columns %s, expected %s \"%s\" among them"
                          .formatted(
                              asked.place(), Words.and(schema.getFields()), expected, name)));
    }

    private BellowsException unexpected(TableColumn column, String expected) {
      return BellowsException.data(
          "%s has \"%s\" as %s, expected %s"
              .formatted(
                  asked.place(),
                  column.name(),
                  column.type().toString().lines().findFirst().orElse("nothing"),
                  expected));
    }
  }
}
