package org.bellows.driver.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.bellows.conf.study.Study;

/**
 * All arms of a study.
 *
 * @param split that was evaluated
 * @param machine that it ran on
 */
public record StudyResult(Study study, String split, String machine, List<ArmResult> arms) {
  static final List<String> COLUMNS =
      List.of("arm", "top-1 (%)", "against the first", "loss", "training loss", "seconds");

  /** One row an arm, in the order of {@link #COLUMNS}; figures are mean ± deviation over seeds. */
  List<List<String>> rows() {
    double baseline = arms.get(0).spread(SeedResult::top1).mean();
    List<List<String>> rows = new ArrayList<>();
    for (ArmResult arm : arms) {
      Spread top1 = arm.spread(SeedResult::top1);
      String difference = arm == arms.get(0) ? "" : difference(100 * (top1.mean() - baseline));
      rows.add(
          List.of(
              arm.arm().name(),
              top1.text(100, 2),
              difference,
              arm.spread(SeedResult::loss).text(1, 3),
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
    List<List<String>> lines = new ArrayList<>(List.of(COLUMNS));
    lines.addAll(rows());
    StringBuilder out = new StringBuilder();
    for (List<String> line : lines) {
      for (int column = 0; column < COLUMNS.size(); column++) {
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
    out.append("| ").append(String.join(" | ", COLUMNS)).append(" |\n");
    out.append("|---").append("|---:".repeat(COLUMNS.size() - 1)).append("|\n");
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
    metrics.put("arms", arms.stream().map(StudyResult::metrics).toList());
    return metrics;
  }

  private static Map<String, Object> metrics(ArmResult arm) {
    Map<String, Object> metrics = new TreeMap<>();
    metrics.put("name", arm.arm().name());
    metrics.put("set", arm.arm().set());
    Spread top1 = arm.spread(SeedResult::top1);
    metrics.put("top1-mean", top1.mean());
    metrics.put("top1-deviation", Double.isNaN(top1.deviation()) ? null : top1.deviation());
    metrics.put("seeds", arm.seeds());
    return metrics;
  }
}
