// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bellows.data.prepare.source.part.IntegerLabels;
import org.bellows.data.text.TextLines;
import org.bellows.data.text.Utf8;

/** JSON lines: an object a line. Empty lines are passed over. */
final class JsonRows implements ManifestRows {
  private static final int SHOWN = 40;

  private final TextLines lines;
  private final List<String> columns;
  private final String label;
  private final ObjectReader json =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build()
          .readerFor(JsonNode.class);

  /**
   * @param columns those that are read: text or whole numbers
   * @param label the one of them whose numbers count classes
   */
  JsonRows(TextLines lines, List<String> columns, String label) {
    this.lines = lines;
    this.columns = List.copyOf(columns);
    this.label = label;
  }

  @Override
  public Text next() throws IOException {
    TextLines.Line line = lines.next();
    while (line != null && line.problem() == null && line.text().isBlank()) {
      line = lines.next();
    }
    return line == null ? null : new Text(line.number(), line.text(), line.problem());
  }

  @Override
  public ManifestRow parse(Text row) throws IOException {
    String problem = row.problem() == null ? Utf8.problem(row.text()) : row.problem();
    if (problem != null) {
      return ManifestRow.bad(row.number(), problem);
    }
    try (JsonParser parser = json.createParser(row.text())) {
      JsonNode node = json.readTree(parser);
      if (!node.isObject()) {
        return ManifestRow.bad(row.number(), "is not a JSON object");
      }
      JsonToken more = parser.nextToken();
      return more == null
          ? of(row.number(), node)
          : ManifestRow.bad(
              row.number(), "continues after its first JSON object, expected one object a line");
    } catch (JsonProcessingException e) {
      return ManifestRow.bad(row.number(), "is not JSON: " + e.getOriginalMessage());
    }
  }

  private ManifestRow of(long number, JsonNode object) {
    Map<String, String> values = new HashMap<>();
    for (String column : columns) {
      JsonNode value = object.path(column);
      if (value.isTextual() || value.isIntegralNumber()) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value.asText())) {
          return ManifestRow.bad(number, "has %s with half a character".formatted(column));
        }
        values.put(column, value.asText());
      } else if (!value.isMissingNode() && !value.isNull()) {
        return ManifestRow.bad(
            number,
            "has %s as %s, expected text or a whole number".formatted(shown(value), column));
      }
      if (column.equals(label)
          && value.isIntegralNumber()
          && !IntegerLabels.isIndex(value.asText())) {
        return ManifestRow.bad(number, IntegerLabels.problem(value.asText()));
      }
    }
    return new ManifestRow(number, values, null);
  }

  private static String shown(JsonNode value) {
    if (value.isArray()) {
      return "a list";
    }
    String text = value.toString();
    return value.isObject()
        ? "an object"
        : text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
