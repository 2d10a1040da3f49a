package org.bellows.data.prepare.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.bellows.conf.BellowsException;

/**
 * CSV as RFC 4180 has it: comma, double quotes, a header; UTF-8, a byte order mark is passed over.
 */
final class CsvRows implements ManifestRows {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String file;
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private final List<String> header;

  /**
   * @param required columns that there must be
   * @throws BellowsException (data) when one is missing, or stands there twice
   */
  CsvRows(InputStream in, String file, List<String> required) throws IOException {
    this.file = file;
    this.parser = CSVFormat.RFC4180.parse(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.records = parser.iterator();
    CSVRecord first = record();
    this.header =
        first == null
            ? List.of()
            : first.stream().map(name -> name.replace(BYTE_ORDER_MARK, "").strip()).toList();
    for (String column : required) {
      if (!header.contains(column)) {
        throw BellowsException.data(
            "%s has the columns %s, expected %s among them (row 1 is the header)"
                .formatted(file, header, column));
      }
    }
    if (new HashSet<>(header).size() < header.size()) {
      throw BellowsException.data(file + " has a column twice: " + header);
    }
  }

  @Override
  public ManifestRow next() throws IOException {
    CSVRecord record = record();
    while (record != null && record.size() == 1 && record.get(0).isBlank()) {
      record = record();
    }
    if (record == null) {
      return null;
    }
    if (record.size() != header.size()) {
      return ManifestRow.bad(
          record.getRecordNumber(),
          "has %d columns, expected %d (%s)"
              .formatted(record.size(), header.size(), String.join(", ", header)));
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < header.size(); i++) {
      values.put(header.get(i), record.get(i));
    }
    return new ManifestRow(record.getRecordNumber(), values, null);
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }

  /** Behind a quote that is never closed no row can be told from the next. */
  private CSVRecord record() throws IOException {
    try {
      return records.hasNext() ? records.next() : null;
    } catch (UncheckedIOException e) {
      if (e.getCause().getClass() != IOException.class) {
        throw e.getCause();
      }
      throw broken(e.getCause());
    } catch (IllegalStateException e) {
      throw broken(e);
    }
  }

  private BellowsException broken(Exception cause) {
    return BellowsException.data(
        "%s is not CSV in or behind line %d (row %d): %s"
            .formatted(
                file,
                parser.getCurrentLineNumber(),
                parser.getRecordNumber() + 1,
                String.valueOf(cause.getMessage()).lines().findFirst().orElse("")),
        cause);
  }
}
