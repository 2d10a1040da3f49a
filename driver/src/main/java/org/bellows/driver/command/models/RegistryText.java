// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.models;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.bellows.driver.progress.EvaluationText;
import org.bellows.driver.registry.DatasetDifference;
import org.bellows.driver.registry.ModelRegistry;
import org.bellows.driver.registry.ModelRegistry.VersionReference;
import org.bellows.driver.registry.Promotion;
import org.bellows.driver.registry.RegisteredModel;
import org.bellows.driver.registry.Score;
import org.bellows.driver.registry.VersionCard;
import org.bellows.driver.registry.VersionDifference;
import org.bellows.driver.registry.VersionDifference.Change;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.MetricValues;
import org.bellows.worker.evaluate.metric.Metrics;

/** The output of {@code models list|show|diff} for a registry. */
final class RegistryText {
  private RegistryText() {}

  /** A row a model, for machines. */
  static List<Map<String, Object>> rows(ModelRegistry registry) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String name : registry.names()) {
      RegisteredModel model = registry.model(name);
      Integer current = model.pointer().head().map(Promotion::version).orElse(null);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", name);
      row.put("versions", model.versions());
      row.put("current", current);
      row.put("path", current == null ? null : model.version(current).toString());
      row.put("scores", current == null ? null : model.card(current).score().metrics());
      rows.add(row);
    }
    return rows;
  }

  static String list(ModelRegistry registry) {
    StringBuilder text = new StringBuilder();
    text.append(
        format("%-24s %9s %9s  %-16s  %s%n", "name", "versions", "current", "score", "path"));
    for (Map<String, Object> row : rows(registry)) {
      text.append(
          format(
              "%-24s %9d %9s  %-16s  %s%n",
              row.get("name"),
              ((List<?>) row.get("versions")).size(),
              orNone(row.get("current")),
              orNone(headline((MetricValues) row.get("scores"))),
              orNone(row.get("path"))));
    }
    return text.toString().stripTrailing();
  }

  /** Such as "top-1 0.8710"; null of none. */
  private static String headline(MetricValues scores) {
    if (scores == null) {
      return null;
    }
    Metric metric = scores.headline();
    return metric.title() + " " + EvaluationText.decimals(scores.get(metric));
  }

  /**
   * @param reference NAME or NAME:VERSION
   */
  static String model(Configuration hadoop, String path, String reference) {
    ModelRegistry registry = new ModelRegistry(hadoop, path);
    registry.requireThere();
    return reference.indexOf(':') < 0
        ? versions(registry.existing(reference))
        : version(registry.resolve(reference));
  }

  private static String versions(RegisteredModel model) {
    Optional<Integer> current = model.pointer().head().map(Promotion::version);
    Map<Integer, VersionCard> cards = new LinkedHashMap<>();
    model.versions().forEach(number -> cards.put(number, model.card(number)));
    List<Metric> metrics =
        Metrics.inAny(cards.values().stream().map(card -> card.score().metrics()).toList());
    StringBuilder text = new StringBuilder();
    text.append(format("%-8s %-8s ", "version", "current"));
    metrics.forEach(metric -> text.append(column(metric, metric.title())));
    text.append(format("  %-20s %s%n", "created", "made for"));
    cards.forEach(
        (number, card) -> {
          String isCurrent = current.equals(Optional.of(number)) ? "current" : "";
          text.append(format("%-8s %-8s ", number, isCurrent));
          metrics.forEach(metric -> text.append(column(metric, value(card.score(), metric))));
          text.append(format("  %-20s %s%n", card.createdAt(), "decision " + card.decision()));
        });
    text.append(format("%npromotions%n"));
    for (Promotion promotion : model.pointer().all()) {
      text.append(
          format("  %s  version %d: %s%n", promotion.at(), promotion.version(), promotion.why()));
    }
    return text.toString();
  }

  private static String version(VersionReference reference) {
    VersionCard card = reference.card();
    Score score = card.score();
    StringBuilder text = new StringBuilder();
    line(text, "version", reference);
    line(text, "path", reference.model().version(reference.version()));
    line(text, "network", card.network() + ", " + card.classes().size() + " classes");
    line(text, "created", card.createdAt() + " by Bellows " + card.bellowsVersion());
    line(text, "made for", "decision " + card.decision());
    line(
        text,
        "started from",
        card.startedFrom() == null ? "the seed" : "version " + card.startedFrom());
    line(text, "parameters", "SHA-256 " + card.parametersSha256());
    line(text, "dataset", card.dataPath() + ", SHA-256 " + card.datasetSha256());
    line(text, "held out", score.split() + ", " + score.samples() + " images");
    line(text, "scores", scores(score));
    if (!score.allFinite()) {
      line(text, "", score.complaint());
    }
    if (card.baselineScore() != null) {
      line(text, "version " + card.baseline(), scores(card.baselineScore()));
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String label, Object value) {
    text.append(format("%-14s%s%n", label, value));
  }

  private static String scores(Score score) {
    return score.metrics().metrics().stream()
        .map(metric -> metric.title() + " " + value(score, metric))
        .collect(Collectors.joining(", "));
  }

  /** As wide as "not finite" where a value may not be. */
  private static String column(Metric metric, String cell) {
    int values =
        switch (metric.unit()) {
          case SHARE -> 9;
          case NATS -> 10;
        };
    return format(" %" + Math.max(values, metric.title().length()) + "s", cell);
  }

  private static String value(Score score, Metric metric) {
    return orNone(
        score.metrics().has(metric) ? EvaluationText.decimals(score.value(metric)) : null);
  }

  static String difference(VersionDifference difference) {
    StringBuilder text = new StringBuilder();
    text.append(format("%s -> %s%n", difference.first(), difference.second()));
    changes(text, "configuration", difference.configuration());
    changes(text, "metrics", difference.metrics());
    DatasetDifference data = difference.data();
    text.append(format("%ndataset%n"));
    text.append(
        data.nothingIsNew()
            ? format("  the same (SHA-256 %s)%n", data.afterSha256())
            : format("  %s%n", data.text()));
    return text.toString();
  }

  private static void changes(StringBuilder text, String title, List<Change> changes) {
    text.append(format("%n%s%n", title));
    if (changes.isEmpty()) {
      text.append(format("  the same%n"));
    }
    for (Change change : changes) {
      text.append(format("  %-32s %s -> %s%n", change.key(), change.before(), change.after()));
    }
  }

  private static String orNone(Object value) {
    return value == null ? "none" : value.toString();
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
