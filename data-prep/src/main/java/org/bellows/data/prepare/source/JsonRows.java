package org.bellows.data.prepare.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** JSON lines: an object a line. Empty lines are passed over. */
final class JsonRows implements ManifestRows {
  private final BufferedReader reader;
  private final ObjectMapper json = new ObjectMapper();
  private long line;

  JsonRows(InputStream in) {
    this.reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  @Override
  public ManifestRow next() throws IOException {
    String text = reader.readLine();
    line++;
    while (text != null && text.isBlank()) {
      text = reader.readLine();
      line++;
    }
    return text == null ? null : parse(text);
  }

  private ManifestRow parse(String text) {
    JsonNode node;
    try {
      node = json.readTree(text);
    } catch (JsonProcessingException e) {
      return ManifestRow.bad(line, "is not JSON: " + e.getOriginalMessage());
    }
    if (!node.isObject()) {
      return ManifestRow.bad(line, "is not a JSON object");
    }
    Map<String, String> values = new HashMap<>();
    node.fields()
        .forEachRemaining(
            field -> {
              if (field.getValue().isTextual() || field.getValue().isIntegralNumber()) {
                values.put(field.getKey(), field.getValue().asText());
              }
            });
    return new ManifestRow(line, values, null);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
