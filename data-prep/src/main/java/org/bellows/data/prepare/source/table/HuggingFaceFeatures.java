// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bellows.conf.BellowsException;

/**
 * What Hugging Face's {@code datasets} writes of a table's columns into the Parquet file's
 * key-value metadata: {@code {"info": {"features": {"label": {"names": ["cat", "dog"], "_type":
 * "ClassLabel"}}}}}, or a sequence of such.
 */
final class HuggingFaceFeatures {
  private static final String KEY = "huggingface";

  private HuggingFaceFeatures() {}

  /**
   * Names of the classes that a column's numbers stand for; empty where nothing is said of it.
   *
   * @param place the file, for messages
   * @throws BellowsException (data) when the metadata cannot be understood
   */
  static Optional<List<String>> classes(
      Map<String, String> metadata, List<String> column, String place) {
    String text = metadata.get(KEY);
    if (text == null) {
      return Optional.empty();
    }
    JsonNode feature;
    try {
      feature = new JsonMapper().readTree(text).path("info").path("features");
    } catch (JsonProcessingException e) {
      throw BellowsException.data(
          "%s has metadata \"%s\" that is not JSON: %s"
              .formatted(place, KEY, e.getOriginalMessage()),
          e);
    }
    for (String step : column) {
      feature = feature.path(step);
    }
    feature = ofElements(feature);
    if (!feature.path("_type").asText().equals("ClassLabel") || !feature.path("names").isArray()) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    feature.path("names").forEach(name -> names.add(name.asText()));
    if (names.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(names);
  }

  /** What a list is of: {@code {"feature": ..., "_type": "Sequence"}}, List, or [...]. */
  private static JsonNode ofElements(JsonNode feature) {
    if (feature.isArray() && feature.size() == 1) {
      return feature.get(0);
    }
    return feature.has("feature") ? feature.path("feature") : feature;
  }
}
