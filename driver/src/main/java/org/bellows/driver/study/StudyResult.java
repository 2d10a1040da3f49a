// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.bellows.conf.study.Study;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.Metrics;

/**
 * All arms of a study.
 *
 * @param split that was evaluated
 * @param machine that it ran on
 */
public record StudyResult(Study study, String split, String machine, List<ArmResult> arms) {
  /** The metrics by which the arms are compared. */
  Metric headline() {
    return arms.get(0).seeds().get(0).metrics().headline();
  }

  /** Such as "top-1 (%)". */
  String headlineTitle() {
    return "%s (%s)".formatted(headline().title(), headline().unit().symbol());
  }

  List<String> columns() {
    return List.of(
        "arm",
        headlineTitle(),
        "against the first",
        Metrics.LOSS.title(),
        "training loss",
        "seconds");
  }

  /** One row an arm, in the order of {@link #columns}; figures are mean ± deviation over seeds. */
  @SuppressWarnings("ReferenceEquality") // The first arm is the baseline, not one like it.
  List<List<String>> rows() {
    int scale = headline().unit().scale();
    double baseline = arms.get(0).spread(headline()).mean();
    List<List<String>> rows = new ArrayList<>();
    for (ArmResult arm : arms) {
      MeanAndDeviation figure = arm.spread(headline());
      String difference = arm == arms.get(0) ? "" : difference(scale * (figure.mean() - baseline));
      rows.add(
          List.of(
              arm.arm().name(),
              figure.text(scale, 2),
              difference,
              arm.spread(Metrics.LOSS).text(1, 3),
              arm.spread(SeedResult::trainingLoss).text(1, 3),
              arm.spread(SeedResult::seconds).text(1, 0)));
    }
    return rows;
  }

  private static String difference(double points) {
    return Double.isFinite(points) ? String.format(Locale.ROOT, "%+.2f", points) : "not finite";
  }

  /** For a terminal: columns under each other. */
  public String text() {
    List<List<String>> lines = new ArrayList<>(List.of(columns()));
    lines.addAll(rows());
    StringBuilder out = new StringBuilder();
    for (List<String> line : lines) {
      for (int column = 0; column < columns().size(); column++) {
        int at = column;
        int width = lines.stream().mapToInt(cells -> cells.get(at).length()).max().orElse(0);
        String layout = column == 0 ? "%-" + width + "s" : "  %" + width + "s";
        out.append(layout.formatted(line.get(column)));
      }
      out.append('\n');
    }
    return out.toString();
  }

  /** For docs/recipes.md. */
  public String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("| ").append(String.join(" | ", columns())).append(" |\n");
    out.append("|---").append("|---:".repeat(columns().size() - 1)).append("|\n");
    for (List<String> row : rows()) {
      out.append("| ").append(String.join(" | ", row)).append(" |\n");
    }
    return out.toString();
  }

  /** For result.json. */
  public Map<String, Object> metrics() {
    Map<String, Object> metrics = new TreeMap<>();
    metrics.put("study", study.name());
    metrics.put("split", split);
    metrics.put("machine", machine);
    metrics.put("arms", arms.stream().map(this::metrics).toList());
    return metrics;
  }

  private Map<String, Object> metrics(ArmResult arm) {
    Map<String, Object> metrics = new TreeMap<>();
    metrics.put("name", arm.arm().name());
    metrics.put("set", arm.arm().set());
    MeanAndDeviation figure = arm.spread(headline());
    metrics.put(headline().name() + "-mean", figure.mean());
    metrics.put(
        headline().name() + "-deviation",
        Double.isNaN(figure.deviation()) ? null : figure.deviation());
    metrics.put("seeds", arm.seeds());
    return metrics;
  }
}
