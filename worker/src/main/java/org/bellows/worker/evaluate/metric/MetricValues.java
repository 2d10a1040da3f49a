// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The values of some answers, by metric.
 *
 * @param byName value by {@link Metric#name}; NaN where there is none
 */
public record MetricValues(@JsonValue SortedMap<String, Double> byName) implements Serializable {
  /**
   * @throws IllegalArgumentException for a name that no metric has
   */
  public MetricValues {
    for (String name : byName.keySet()) {
      if (Metrics.find(name).isEmpty()) {
        throw new IllegalArgumentException(
            "\"%s\" is no metric; there are %s".formatted(name, Metrics.names(Metrics.all())));
      }
    }
    byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
  }

  public static MetricValues of(Map<Metric, Double> values) {
    TreeMap<String, Double> byName = new TreeMap<>();
    values.forEach((metric, value) -> byName.put(metric.name(), value));
    return new MetricValues(byName);
  }

  /**
   * As a file has them.
   *
   * @param byName null for a value that is not finite
   * @throws IllegalArgumentException where one is missing that every file has, for a name that no
   *     metric has, and for null where the unit is always finite
   */
  @JsonCreator
  static MetricValues read(Map<String, Double> byName) {
    for (Metric metric : required(byName)) {
      if (!byName.containsKey(metric.name())) {
        throw new IllegalArgumentException("the metric " + metric.name() + " is missing");
      }
    }
    TreeMap<String, Double> values = new TreeMap<>(byName);
    values.replaceAll((name, value) -> value == null ? Double.valueOf(Double.NaN) : value);
    MetricValues read = new MetricValues(values);
    for (Metric metric : read.metrics()) {
      if (byName.get(metric.name()) == null && metric.unit().isAlwaysFinite()) {
        throw new IllegalArgumentException("the metric " + metric.name() + " is null");
      }
    }
    return read;
  }

  private static List<Metric> required(Map<String, Double> byName) {
    if (byName.containsKey(Metrics.MAP.name())) {
      return Metrics.ofLabels();
    }
    return byName.containsKey(Metrics.MIOU.name()) ? List.of(Metrics.LOSS) : Metrics.ofSamples();
  }

  /** NaN where there is none. */
  public double get(Metric metric) {
    return byName.getOrDefault(metric.name(), Double.NaN);
  }

  public boolean has(Metric metric) {
    return byName.containsKey(metric.name());
  }

  /** The metrics that have a value here, in the order of display. */
  public List<Metric> metrics() {
    return Metrics.all().stream().filter(this::has).toList();
  }

  /** The one number that a model is known by: the first of {@link #metrics}. */
  public Metric headline() {
    return metrics().stream().findFirst().orElseGet(Metrics::headline);
  }

  /** Without those for which the test says no. */
  public MetricValues only(Predicate<Metric> test) {
    TreeMap<String, Double> chosen = new TreeMap<>();
    metrics().stream()
        .filter(test)
        .forEach(metric -> chosen.put(metric.name(), byName.get(metric.name())));
    return new MetricValues(chosen);
  }
}
