// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Fields of a JSON object that are text or whole numbers, or where it is asked for a list of them.
 */
public final class JsonFields {
  private static final int SHOWN = 40;

  private final List<String> names;
  private final String label;
  private final LabelRule rule;
  private final ObjectReader json =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build()
          .readerFor(JsonNode.class);

  /**
   * @param values by field, those that are there; null where there is a problem
   * @param labels null where there is no field of them
   * @param problem null, or why the object cannot be used, as a predicate
   */
  public record Result(Map<String, String> values, List<String> labels, String problem) {
    private static Result bad(String problem) {
      return new Result(null, null, problem);
    }
  }

  /**
   * @param names those that are read
   * @param label the one of them whose numbers count classes
   * @param rule how that one is read
   */
  public JsonFields(List<String> names, String label, LabelRule rule) {
    this.names = List.copyOf(names);
    this.label = label;
    this.rule = rule;
  }

  /**
   * @param text one object, and nothing after it
   */
  public Result read(String text) throws IOException {
    try (JsonParser parser = json.createParser(text)) {
      JsonNode node = json.readTree(parser);
      if (node == null || !node.isObject()) {
        return Result.bad("is not a JSON object");
      }
      JsonToken more = parser.nextToken();
      return more == null
          ? of(node)
          : Result.bad("continues after its first JSON object, expected one object a line");
    } catch (JsonProcessingException e) {
      return Result.bad("is not JSON: " + e.getOriginalMessage());
    }
  }

  private Result of(JsonNode object) {
    Map<String, String> values = new HashMap<>();
    List<String> labels = null;
    for (String name : names) {
      JsonNode value = object.path(name);
      if (name.equals(label) && rule.areSeveral() && value.isArray()) {
        Result listed = list(value);
        if (listed.problem() != null) {
          return listed;
        }
        labels = listed.labels();
        continue;
      }
      if (value.isTextual() || value.isIntegralNumber()) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value.asText())) {
          return Result.bad("has %s with half a character".formatted(name));
        }
        values.put(name, value.asText());
      } else if (!value.isMissingNode() && !value.isNull()) {
        return Result.bad(
            "has %s as %s, expected text or a whole number%s"
                .formatted(shown(value), name, hint(value, name)));
      }
      if (name.equals(label)
          && value.isIntegralNumber()
          && !IntegerLabels.isIndex(value.asText())) {
        return Result.bad(IntegerLabels.problem(value.asText()));
      }
    }
    if (labels == null && values.containsKey(label)) {
      labels = rule.of(values.get(label));
    }
    return new Result(values, labels, null);
  }

  private Result list(JsonNode array) {
    List<String> labels = new ArrayList<>();
    for (JsonNode element : array) {
      String text = element.asText();
      if (!element.isTextual() && !element.isIntegralNumber()) {
        return Result.bad(
            "has %s in its %s, expected text or whole numbers".formatted(shown(element), label));
      }
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
        return Result.bad("has %s with half a character".formatted(label));
      }
      if (element.isIntegralNumber() && !IntegerLabels.isIndex(text)) {
        return Result.bad(IntegerLabels.problem(text));
      }
      labels.add(text);
    }
    return new Result(Map.of(), LabelRule.cleaned(labels), null);
  }

  private String hint(JsonNode value, String name) {
    boolean isList = value.isArray() && name.equals(label);
    return isList ? "; source.labels = multiple takes lists" : "";
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
}
