// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.frame;

import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.data.prepare.listing.ListingResult;
import org.bellows.data.prepare.listing.TaskFailure;
import org.bellows.data.prepare.source.SplitRules;
import org.bellows.data.prepare.source.part.LabelRule;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.table.RowItems;
import org.bellows.data.prepare.source.table.SparkPixels;
import org.bellows.data.storage.Storage;
import org.bellows.driver.frame.FrameSchema.Kinds;

/** Selected rows of a partition in, items out. Runs in a task. */
final class FrameItems implements FlatMapFunction<Iterator<Row>, ListingResult> {
  private static final long serialVersionUID = 1L;

  private final SerializableConfiguration hadoop;
  private final Kinds kinds;
  private final String defaultSplit;
  private final LabelRule labelRule;

  /** Null where images are not divided: an Optional cannot be serialized. */
  private final SplitRules rules;

  FrameItems(
      SerializableConfiguration hadoop,
      Kinds kinds,
      String defaultSplit,
      LabelRule labelRule,
      Optional<SplitRules> rules) {
    this.hadoop = hadoop;
    this.kinds = kinds;
    this.defaultSplit = defaultSplit;
    this.labelRule = labelRule;
    this.rules = rules.orElse(null);
  }

  @Override
  public Iterator<ListingResult> call(Iterator<Row> rows) throws IOException {
    RowItems items = new RowItems(hadoop.value(), defaultSplit);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public ListingResult next() {
        try {
          SourceItem item = items.item(values(rows.next()));
          return new ListingResult(rules == null ? item : rules.divided(item), null);
        } catch (BellowsException e) {
          return new ListingResult(null, TaskFailure.of(e));
        } catch (IOException e) {
          throw Storage.failure("looking for the files that a table names", e);
        }
      }
    };
  }

  private RowItems.Values values(Row row) {
    String path = text(row, kinds.path());
    byte[] content = null;
    String problem = null;
    if (!row.isNullAt(0)) {
      switch (kinds.image()) {
        case PATH -> path = row.getString(0);
        case ENCODED -> content = row.getAs(0);
        case BYTES_STRUCT -> {
          Row struct = row.getStruct(0);
          content = struct.getAs(FrameSchema.BYTES);
          path = path == null ? optional(struct, "path") : path;
        }
        case PIXELS -> {
          Row struct = row.getStruct(0);
          SparkPixels pixels =
              SparkPixels.of(
                  struct.getAs("height"),
                  struct.getAs("width"),
                  struct.getAs("mode"),
                  struct.getAs("data"));
          content = pixels.png();
          problem = pixels.problem();
          path = path == null ? optional(struct, "origin") : path;
        }
      }
    }
    RowLabels labels = RowLabels.of(row, kinds.label(), kinds.labelLength(), labelRule);
    problem = labels.problem() == null ? problem : labels.problem();
    return new RowItems.Values(
        path, content, labels.labels(), mask(row), text(row, kinds.split()), problem);
  }

  private RowItems.Mask mask(Row row) {
    if (kinds.mask() < 0 || row.isNullAt(kinds.mask())) {
      return null;
    }
    return switch (kinds.maskKind()) {
      case PATH -> RowItems.Mask.of(row.getString(kinds.mask()));
      case ENCODED -> RowItems.Mask.of(row.<byte[]>getAs(kinds.mask()));
      case BYTES_STRUCT ->
          RowItems.Mask.of(row.getStruct(kinds.mask()).<byte[]>getAs(FrameSchema.BYTES));
      case PIXELS -> throw new IllegalStateException("masks are no pixels");
    };
  }

  private static String text(Row row, int index) {
    return index < 0 || row.isNullAt(index) ? null : row.getString(index);
  }

  private static String optional(Row struct, String field) {
    for (String name : struct.schema().fieldNames()) {
      if (name.equals(field) && struct.getAs(field) instanceof String text) {
        return text;
      }
    }
    return null;
  }
}
