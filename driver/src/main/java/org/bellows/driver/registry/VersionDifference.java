// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bellows.driver.registry.ModelRegistry.VersionReference;
import org.bellows.worker.files.Json;

/**
 * The differences of two versions.
 *
 * @param first the version that is compared with, as NAME:VERSION
 * @param configuration keys whose values differ, without {@code output.path}, which always does
 * @param metrics of the held-out split and of the training
 * @param data the datasets
 */
public record VersionDifference(
    String first,
    String second,
    List<Change> configuration,
    List<Change> metrics,
    DatasetDifference data) {

  /**
   * @param before as text, or "nothing"
   * @param after likewise
   */
  public record Change(String key, String before, String after) {}

  public static VersionDifference of(VersionReference first, VersionReference second) {
    return new VersionDifference(
        first.toString(),
        second.toString(),
        changes(configuration(first), configuration(second)),
        changes(metrics(first.card()), metrics(second.card())),
        DatasetDifference.of(DatasetDifference.dataset(first), DatasetDifference.dataset(second)));
  }

  private static Map<String, String> configuration(VersionReference reference) {
    String name = "configuration.json";
    byte[] content = reference.model().read(reference.version(), name);
    Map<String, String> flat = new TreeMap<>();
    flatten("", Json.read(content, Map.class, reference + "/" + name), flat);
    flat.remove("output.path");
    return flat;
  }

  private static void flatten(String prefix, Map<?, ?> tree, Map<String, String> flat) {
    tree.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> section) {
            flatten(prefix + key + ".", section, flat);
          } else {
            flat.put(prefix + key, String.valueOf(value));
          }
        });
  }

  private static Map<String, String> metrics(VersionCard card) {
    Map<String, String> metrics = new TreeMap<>();
    Score score = card.score();
    metrics.put("held-out split", score.split());
    metrics.put("held-out samples", Long.toString(score.samples()));
    score
        .metrics()
        .byName()
        .forEach(
            (name, value) ->
                metrics.put(
                    "held-out " + name,
                    Double.isFinite(value) ? Double.toString(value) : "not finite"));
    metrics.put("held-out answers not finite", Long.toString(score.notFinite()));
    // Null where there is none, or none that is finite.
    card.training()
        .forEach(
            (key, value) -> metrics.put("training " + key, value == null ? "none" : "" + value));
    return metrics;
  }

  private static List<Change> changes(Map<String, String> before, Map<String, String> after) {
    TreeSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    List<Change> changes = new ArrayList<>();
    for (String key : keys) {
      if (!Objects.equals(before.get(key), after.get(key))) {
        changes.add(
            new Change(
                key, before.getOrDefault(key, "nothing"), after.getOrDefault(key, "nothing")));
      }
    }
    return changes;
  }
}
