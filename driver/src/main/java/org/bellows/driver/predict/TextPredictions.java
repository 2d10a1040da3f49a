// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.data.storage.AtomicFile;
import org.bellows.data.storage.Sha256;
import org.bellows.worker.files.Json;

/** Rows as lines of text, UTF-8. */
final class TextPredictions implements PredictionFile {
  private final Configuration hadoop;
  private final Path path;
  private final Lines lines;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param header its first line; empty: there is none
   * @param line of a row
   */
  record Lines(String header, Function<PredictionRow, String> line) {}

  TextPredictions(Configuration hadoop, Path path, Lines lines) {
    this.hadoop = hadoop;
    this.path = path;
    this.lines = lines;
    text.append(lines.header());
  }

  /** An object a line. */
  static Lines json() {
    return new Lines("", row -> Json.line(row) + "\n");
  }

  /**
   * RFC 4180 with a header: id, source, reason, with labels these, separated by |, then class_1,
   * probability_1 and so on.
   *
   * @param top pairs of columns
   */
  static Lines csv(int top, boolean withLabels) {
    List<Object> header = new ArrayList<>(List.of("id", "source", "reason"));
    if (withLabels) {
      header.add("labels");
    }
    for (int rank = 1; rank <= top; rank++) {
      header.add("class_" + rank);
      header.add("probability_" + rank);
    }
    return new Lines(record(header), row -> record(fields(row, top, withLabels)));
  }

  private static List<Object> fields(PredictionRow row, int top, boolean withLabels) {
    List<Object> fields = new ArrayList<>();
    fields.add(row.id());
    fields.add(row.source());
    fields.add(row.reason());
    if (withLabels) {
      fields.add(row.labels() == null ? null : String.join("|", row.labels()));
    }
    for (int rank = 0; rank < top; rank++) {
      fields.add(row.top() == null ? null : row.top().get(rank).className());
      fields.add(row.top() == null ? null : row.top().get(rank).probability());
    }
    return fields;
  }

  private static String record(List<Object> fields) {
    StringBuilder line = new StringBuilder();
    try {
      CSVFormat.RFC4180.printRecord(line, fields.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }

  @Override
  public void write(PredictionRow row) {
    text.append(lines.line().apply(row));
  }

  @Override
  public String finish() {
    byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFile.writeAlone(hadoop, path, content);
    return Sha256.hex(Sha256.digest().digest(content));
  }

  @Override
  public void close() {}
}
