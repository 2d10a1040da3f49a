// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.run;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.worker.files.Json;
import org.bellows.worker.metrics.RankMetrics;
import org.bellows.worker.metrics.StepMetrics;

/** The run's metrics as JSON lines: whole files only, so that no crash leaves half a line. */
public final class MetricsLog {
  private static final String FOLDER = "metrics";
  private static final String EVALUATIONS = FOLDER + "/evaluations.jsonl";
  private static final Pattern STEPS =
      Pattern.compile(FOLDER + "/steps-(\\d{1,18})-(\\d{1,18})\\.jsonl");
  private static final Pattern SEGMENTS =
      Pattern.compile(FOLDER + "/(?:steps|ranks)-(\\d{1,18})-(\\d{1,18})\\.jsonl");

  private final RunFolder folder;

  public MetricsLog(RunFolder folder) {
    this.folder = folder;
  }

  /** Removes the lines at or after a step: it will be repeated. */
  public void rewindTo(long step) {
    for (String name : folder.list(FOLDER)) {
      Matcher matcher = SEGMENTS.matcher(name);
      if (matcher.matches() && Long.parseLong(matcher.group(1)) >= step) {
        folder.delete(name);
      }
    }
    writeEvaluations(evaluations().stream().filter(e -> e.step() <= step).toList());
  }

  /** The steps of one segment. */
  public void append(List<StepMetrics> steps) {
    if (!steps.isEmpty()) {
      String name =
          "%s/steps-%09d-%09d.jsonl"
              .formatted(FOLDER, steps.get(0).step(), steps.get(steps.size() - 1).step());
      folder.write(name, lines(steps));
    }
  }

  /** All ranks of one segment. */
  public void appendRanks(List<RankMetrics> ranks) {
    if (!ranks.isEmpty()) {
      String name =
          "%s/ranks-%09d-%09d.jsonl".formatted(FOLDER, ranks.get(0).from(), ranks.get(0).to() - 1);
      folder.write(name, lines(ranks));
    }
  }

  public void append(EpochEvaluation evaluation) {
    List<EpochEvaluation> all = new ArrayList<>(evaluations());
    all.add(evaluation);
    writeEvaluations(all);
  }

  private void writeEvaluations(List<EpochEvaluation> all) {
    if (!all.isEmpty() || folder.readIfThere(EVALUATIONS).isPresent()) {
      folder.write(EVALUATIONS, lines(all));
    }
  }

  public List<StepMetrics> steps() {
    List<StepMetrics> all = new ArrayList<>();
    for (String name : folder.list(FOLDER)) {
      if (STEPS.matcher(name).matches()) {
        all.addAll(read(name, StepMetrics.class));
      }
    }
    return all;
  }

  public List<EpochEvaluation> evaluations() {
    return read(EVALUATIONS, EpochEvaluation.class);
  }

  private <T> List<T> read(String name, Class<T> type) {
    return folder
        .readIfThere(name)
        .map(
            content ->
                new String(content, StandardCharsets.UTF_8)
                    .lines()
                    .map(
                        l -> Json.read(l.getBytes(StandardCharsets.UTF_8), type, folder.file(name)))
                    .toList())
        .orElse(List.of());
  }

  private static byte[] lines(List<?> values) {
    return values.stream()
        .map(value -> Json.line(value) + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }
}
