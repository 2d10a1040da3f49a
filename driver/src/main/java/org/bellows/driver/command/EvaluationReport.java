// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.conf.Settings;
import org.bellows.conf.text.Words;
import org.bellows.driver.evaluate.EvaluationJob;
import org.bellows.driver.job.ReportFacts;
import org.bellows.driver.job.ReportWriter;
import org.bellows.driver.report.HtmlReport;
import org.bellows.driver.report.RunReport;
import org.bellows.driver.run.RunFolder;

/** The HTML page of {@code evaluate}. */
final class EvaluationReport {
  private EvaluationReport() {}

  static void write(
      RunFolder folder,
      Settings settings,
      EvaluationJob.EvaluationOutcome outcome,
      ReportFacts.Stamp stamp) {
    Map<String, String> facts = new LinkedHashMap<>();
    List<String> models = settings.modelPaths();
    facts.put(models.size() == 1 ? "model" : "models, averaged", Words.and(models));
    ReportFacts.addModel(facts, outcome.ensemble().members().get(0));
    facts.put("data", settings.data().path());
    facts.put("split", outcome.evaluation().split());
    ReportFacts.addStamp(facts, stamp);
    facts.put("folder", folder.path().toString());
    String configuration = settings.effectiveJson();
    folder.write("configuration.json", configuration.getBytes(StandardCharsets.UTF_8));
    RunReport report =
        new RunReport(
            "Bellows: " + folder.path().getName(),
            "evaluate",
            "succeeded",
            facts,
            List.of(),
            List.of(),
            outcome.evaluation(),
            configuration,
            List.of());
    folder.write(ReportWriter.NAME, HtmlReport.render(report).getBytes(StandardCharsets.UTF_8));
  }
}
