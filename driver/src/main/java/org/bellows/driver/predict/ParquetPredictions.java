// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.api.WriteSupport;
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

  private final PartFile<PredictionRow> file;

  /**
   * @param attempt tells two tasks that write the same file apart
   */
  ParquetPredictions(Configuration hadoop, Path path, String attempt) throws IOException {
    this.file = new PartFile<>(hadoop, path, new Rows(), Map.of("class", true), attempt);
  }

  private static final class Rows extends WriteSupport<PredictionRow> {
    private RecordConsumer consumer;
    private RowEvents events;

    @Override
    public WriteContext init(Configuration configuration) {
      return new WriteContext(MessageTypeParser.parseMessageType(COLUMNS), Map.of());
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
      consumer.endMessage();
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
