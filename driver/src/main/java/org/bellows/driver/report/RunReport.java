// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.metrics.StepMetrics;

/**
 * The content of the report of one run.
 *
 * @param title heading of the page
 * @param command command of Bellows, such as {@code train}
 * @param status {@code succeeded} or {@code failed}; other words are shown as they are
 * @param summary label to value, shown in this order
 * @param steps as logged; where a resume repeated steps, the later ones count
 * @param evaluations on the validation split during training, oldest first
 * @param finalEvaluation of the finished model, null when there was none
 * @param configurationJson effective configuration
 * @param notes notes for the reader: resumes, failures, warnings
 * @param executors who was there when; empty where nobody looked
 */
public record RunReport(
    String title,
    String command,
    String status,
    Map<String, String> summary,
    List<StepMetrics> steps,
    List<EpochEvaluation> evaluations,
    Evaluation finalEvaluation,
    String configurationJson,
    List<String> notes,
    List<ExecutorChange> executors) {

  public RunReport {
    summary = Collections.unmodifiableMap(new LinkedHashMap<>(summary));
    steps = List.copyOf(steps);
    evaluations = List.copyOf(evaluations);
    notes = List.copyOf(notes);
    executors = List.copyOf(executors);
  }

  /** Of a command that has no ranks. */
  public RunReport(
      String title,
      String command,
      String status,
      Map<String, String> summary,
      List<StepMetrics> steps,
      List<EpochEvaluation> evaluations,
      Evaluation finalEvaluation,
      String configurationJson,
      List<String> notes) {
    this(
        title,
        command,
        status,
        summary,
        steps,
        evaluations,
        finalEvaluation,
        configurationJson,
        notes,
        List.of());
  }
}
