// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageTypeParser;
import org.bellows.driver.picture.PartFile;
import org.bellows.driver.picture.RowEvents;

/** Rows in Parquet. */
final class ParquetPredictions implements PredictionFile {
  private static final String COLUMNS =
      """
      message predictions {
        required int64 id;
        required binary source (STRING);
        optional binary class (STRING);
        optional float probability;
        optional group top (LIST) {
          repeated group list {
            required group element {
              required binary class (STRING);
              required float probability;
            }
          }
        }
        optional binary reason (STRING);
      }
      """;

  /** After the others, so that these have the places that they have without it. */
  private static final String LABELS =
      """
        optional group labels (LIST) {
          repeated group list {
            required binary element (STRING);
          }
        }
      }
      """;

  private final PartFile<PredictionRow> file;

  /**
   * @param attempt tells two tasks that write the same file apart
   * @param withLabels whether there is a column for lists of labels
   */
  ParquetPredictions(Configuration hadoop, Path path, String attempt, boolean withLabels)
      throws IOException {
    this.file = new PartFile<>(hadoop, path, new Rows(withLabels), Map.of("class", true), attempt);
  }

  private static final class Rows extends WriteSupport<PredictionRow> {
    private final boolean withLabels;
    private RecordConsumer consumer;
    private RowEvents events;

    Rows(boolean withLabels) {
      this.withLabels = withLabels;
    }

    @Override
    public WriteContext init(Configuration configuration) {
      String columns =
          withLabels ? COLUMNS.substring(0, COLUMNS.lastIndexOf('}')) + LABELS : COLUMNS;
      return new WriteContext(MessageTypeParser.parseMessageType(columns), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
      events = new RowEvents(recordConsumer);
    }

    @Override
    public void write(PredictionRow row) {
      consumer.startMessage();
      events.addLong("id", 0, row.id());
      events.addText("source", 1, row.source());
      events.addText("class", 2, row.className());
      if (row.top() != null) {
        events.addFloat("probability", 3, row.probability());
        events.addList("top", 4, row.top().size(), true, rank -> add(row.top().get(rank)));
      }
      events.addText("reason", 5, row.reason());
      if (row.labels() != null) {
        events.addList(
            "labels", 6, row.labels().size(), false, at -> addLabel(row.labels().get(at)));
      }
      consumer.endMessage();
    }

    private void addLabel(String label) {
      consumer.addBinary(Binary.fromString(label));
    }

    private void add(PredictionRow.Likely likely) {
      events.addText("class", 0, likely.className());
      events.addFloat("probability", 1, likely.probability());
    }
  }

  @Override
  public void write(PredictionRow row) throws IOException {
    file.write(row);
  }

  @Override
  public String finish() throws IOException {
    return file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
