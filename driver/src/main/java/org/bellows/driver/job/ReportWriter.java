// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.job;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bellows.driver.report.HtmlReport;
import org.bellows.driver.report.RunReport;
import org.bellows.driver.run.MetricsLog;
import org.bellows.driver.run.RunFolder;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.files.Json;

/** The HTML page of a run, made from nothing but the files in its folder. */
public final class ReportWriter {
  public static final String NAME = "report.html";

  private ReportWriter() {}

  /**
   * @param metrics as they stand, or will stand, in result.json
   * @param stamp time and version of the report; none while the run continues
   */
  public static void write(
      RunFolder folder, String status, Map<?, ?> metrics, Optional<ReportFacts.Stamp> stamp) {
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
            summary(folder, configuration, metrics, stamp),
            log.steps(),
            log.evaluations(),
            evaluation,
            configuration,
            notes(folder),
            log.executors());
    folder.write(NAME, HtmlReport.render(report).getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> notes(RunFolder folder) {
    Optional<byte[]> content = folder.readIfThere("notes.json");
    return content
        .map(bytes -> List.of(Json.read(bytes, String[].class, folder.file("notes.json"))))
        .orElse(List.of());
  }

  private static Map<String, String> summary(
      RunFolder folder,
      String configuration,
      Map<?, ?> metrics,
      Optional<ReportFacts.Stamp> stamp) {
    Map<String, Object> root =
        map(Json.read(bytes(configuration), Map.class, folder.file("configuration.json")));
    Map<String, Object> model = map(root.get("model"));
    Map<String, Object> train = map(root.get("train"));
    Map<String, String> summary = new LinkedHashMap<>();
    summary.put("network", String.valueOf(model.get("name")));
    summary.put(
        "input",
        model.get("channels")
            + " × "
            + model.get("height-pixels")
            + " × "
            + model.get("width-pixels"));
    summary.put("data", String.valueOf(map(root.get("data")).get("path")));
    summary.put(
        "global batch",
        "%s (lane batch %s)".formatted(train.get("global-batch"), train.get("lane-batch")));
    summary.put("executors", String.valueOf(map(root.get("cluster")).get("executors")));
    summary.put("seed", String.valueOf(train.get("seed")));
    ReportFacts.addMetrics(summary, metrics);
    stamp.ifPresent(known -> ReportFacts.addStamp(summary, known));
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

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }
}
