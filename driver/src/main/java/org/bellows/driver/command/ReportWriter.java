package org.bellows.driver.command;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bellows.driver.report.HtmlReport;
import org.bellows.driver.report.RunReport;
import org.bellows.driver.run.MetricsLog;
import org.bellows.driver.run.RunFolder;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.files.Json;

/** The HTML page of a run, made from nothing but the files in its folder. */
final class ReportWriter {
  static final String NAME = "report.html";

  private ReportWriter() {}

  /**
   * @param metrics as they stand, or will stand, in result.json
   */
  static void write(RunFolder folder, String status, Map<?, ?> metrics) {
    MetricsLog log = new MetricsLog(folder);
    String configuration =
        folder.readIfThere("configuration.json").map(ReportWriter::text).orElse("{}");
    Evaluation evaluation =
        folder
            .readIfThere("evaluation.json")
            .map(content -> Json.read(content, Evaluation.class, folder.file("evaluation.json")))
            .orElse(null);
    RunReport report =
        new RunReport(
            "Bellows: " + folder.path().getName(),
            "train",
            status,
            summary(folder, configuration, metrics),
            log.steps(),
            log.evaluations(),
            evaluation,
            configuration,
            notes(folder));
    folder.write(NAME, HtmlReport.render(report).getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> notes(RunFolder folder) {
    Optional<byte[]> content = folder.readIfThere("notes.json");
    return content
        .map(bytes -> List.of(Json.read(bytes, String[].class, folder.file("notes.json"))))
        .orElse(List.of());
  }

  private static Map<String, String> summary(
      RunFolder folder, String configuration, Map<?, ?> metrics) {
    Map<String, Object> root = map(Json.read(bytes(configuration), Map.class, "configuration"));
    Map<String, Object> model = map(root.get("model"));
    Map<String, Object> train = map(root.get("train"));
    Map<String, String> summary = new LinkedHashMap<>();
    summary.put("network", String.valueOf(model.get("name")));
    summary.put(
        "input",
        model.get("channels")
            + " x "
            + model.get("height-pixels")
            + " x "
            + model.get("width-pixels"));
    summary.put("data", String.valueOf(map(root.get("data")).get("path")));
    summary.put(
        "global batch",
        "%s (lane batch %s)".formatted(train.get("global-batch"), train.get("lane-batch")));
    summary.put("executors", String.valueOf(map(root.get("cluster")).get("executors")));
    summary.put("seed", String.valueOf(train.get("seed")));
    // Sorted: read back from a file they come in another order.
    new TreeMap<>(metrics)
        .forEach((key, value) -> summary.putIfAbsent(String.valueOf(key), shown(value)));
    summary.put("folder", folder.path().toString());
    return summary;
  }

  private static Map<String, Object> map(Object value) {
    Map<String, Object> result = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> given) {
      given.forEach((key, entry) -> result.put(String.valueOf(key), entry));
    }
    return result;
  }

  private static String shown(Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.4g", number)
        : String.valueOf(value);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }
}
