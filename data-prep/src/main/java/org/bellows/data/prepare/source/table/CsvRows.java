// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;
import org.bellows.data.prepare.source.part.LabelRule;
import org.bellows.data.storage.Storage;
import org.bellows.data.text.TextLines;
import org.bellows.data.text.Utf8;

/**
 * CSV as RFC 4180 has it: comma, double quotes, a header. Rows are separated here, by their quotes,
 * so that one of them can be refused without the others; Commons CSV parses each row.
 */
final class CsvRows implements ManifestRows {
  private final String file;
  private final TextLines lines;
  private final List<String> header;
  private final String label;
  private final LabelRule rule;
  private long number;

  /**
   * @param required columns that there must be
   * @param instead a column that, if it is there, stands for the last of them; may be empty
   * @param label the column of labels; may be empty
   * @param rule how they are read
   * @throws BellowsException (data) when one is missing, or stands there twice
   */
  CsvRows(
      TextLines lines,
      String file,
      List<String> required,
      String instead,
      String label,
      LabelRule rule)
      throws IOException {
    this.file = file;
    this.lines = lines;
    this.label = label;
    this.rule = rule;
    this.header = header();
    for (String column : required) {
      boolean isReplaced =
          column.equals(required.get(required.size() - 1)) && header.contains(instead);
      if (!header.contains(column) && !isReplaced) {
        throw BellowsException.data(
            "%s has the columns %s, expected %s among them (row 1 is the header)"
                .formatted(file, Words.and(header), column));
      }
    }
    Set<String> seen = new HashSet<>();
    for (String column : header) {
      if (!seen.add(column)) {
        throw BellowsException.data(
            "%s has the column \"%s\" twice: %s".formatted(file, column, Words.and(header)));
      }
    }
  }

  @Override
  public Text next() throws IOException {
    Text row = record();
    while (row != null && row.problem() == null && row.text().isBlank()) {
      row = record();
    }
    return row;
  }

  @Override
  public ManifestRow parse(Text row) throws IOException {
    String problem = row.problem() == null ? Utf8.problem(row.text()) : row.problem();
    if (problem != null) {
      return ManifestRow.bad(row.number(), problem);
    }
    List<String> fields;
    try {
      fields = fields(row.text());
    } catch (UncheckedIOException e) {
      return ManifestRow.bad(row.number(), "is not CSV: " + Storage.reason(e.getCause()));
    } catch (IllegalStateException e) {
      return ManifestRow.bad(row.number(), "is not CSV: " + Storage.reason(e));
    }
    if (fields.size() != header.size()) {
      return ManifestRow.bad(
          row.number(),
          "has %d columns, expected %d (%s)"
              .formatted(fields.size(), header.size(), Words.and(header)));
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < header.size(); i++) {
      values.put(header.get(i), fields.get(i));
    }
    return new ManifestRow(row.number(), values, labels(values.get(label)), null);
  }

  /** An empty field is no label, or where there may be several a list without any. */
  private List<String> labels(String text) {
    boolean isNone = text == null || (text.isBlank() && !rule.areSeveral());
    return isNone ? null : rule.of(text);
  }

  @Override
  public boolean lacks(String column) {
    return !header.contains(column);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private List<String> header() throws IOException {
    Text first = record();
    if (first == null) {
      return List.of();
    }
    String problem = first.problem() == null ? Utf8.problem(first.text()) : first.problem();
    if (problem != null) {
      throw BellowsException.data("row 1 of %s %s".formatted(file, problem));
    }
    try {
      return fields(first.text()).stream().map(String::strip).toList();
    } catch (UncheckedIOException | IllegalStateException e) {
      throw BellowsException.data("row 1 of %s is not CSV".formatted(file), e);
    }
  }

  private static List<String> fields(String row) throws IOException {
    if (row.indexOf('"') < 0) {
      return List.of(row.split(",", -1));
    }
    try (CSVParser parser = CSVParser.parse(row, CSVFormat.RFC4180)) {
      List<CSVRecord> records = parser.getRecords();
      return records.isEmpty() ? List.of("") : records.get(0).toList();
    }
  }

  /** A line, or several where a quote goes over the end of a line. */
  private Text record() throws IOException {
    TextLines.Line line = lines.next();
    if (line == null) {
      return null;
    }
    number++;
    if (line.problem() != null || !isOpen(line.text(), false)) {
      return new Text(number, line.text(), line.problem());
    }
    long first = line.number();
    StringBuilder row = new StringBuilder(line.text());
    boolean isOpen = true;
    while (isOpen) {
      row.append(line.end());
      line = lines.next();
      if (line == null || line.problem() != null || row.length() > TextLines.MOST_BYTES) {
        // Rows cannot be separated after a quote that is never closed.
        throw BellowsException.data(
            "%s is not CSV in or after line %d (row %d): a quote is opened there and not closed within %s"
                .formatted(
                    file,
                    first,
                    number,
                    line == null ? "the file" : TextLines.MOST_BYTES + " bytes"));
      }
      row.append(line.text());
      isOpen = isOpen(line.text(), true);
    }
    return new Text(number, row.toString(), null);
  }

  /**
   * Whether a quoted field continues after the text. A quote opens a field only as its first
   * character; two in a quoted field are one that is meant.
   *
   * @param wasOpen whether one was open before it
   */
  private static boolean isOpen(String text, boolean wasOpen) {
    if (!wasOpen && text.indexOf('"') < 0) {
      return false;
    }
    boolean isQuoted = wasOpen;
    boolean isAtStart = !wasOpen;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isQuoted) {
        boolean isDoubled = c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"';
        i += isDoubled ? 1 : 0;
        isQuoted = c != '"' || isDoubled;
      } else {
        isQuoted = c == '"' && isAtStart;
        isAtStart = c == ',';
      }
    }
    return isQuoted;
  }
}
