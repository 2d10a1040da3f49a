// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.run;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bellows.conf.BellowsException;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.driver.report.ExecutorChange;
import org.bellows.worker.files.Json;
import org.bellows.worker.metrics.RankMetrics;
import org.bellows.worker.metrics.StepMetrics;

/** The run's metrics as JSON lines: whole files only, so that no crash leaves half a line. */
public final class MetricsLog {
  private static final String FOLDER = "metrics";
  private static final String EVALUATIONS = FOLDER + "/evaluations.jsonl";
  private static final String EXECUTORS = FOLDER + "/executors.jsonl";

  /** A reader may meet files that are being joined: it then looks again. */
  private static final int MOST_LOOKS = 5;

  private final RunFolder folder;
  private final SequenceFiles steps;
  private final SequenceFiles ranks;

  /** {@code steps-FROM-TO.jsonl} or {@code ranks-FROM-TO.jsonl}. */
  private record Names(String kind, Pattern pattern) implements SequenceFiles.Naming {
    static Names of(String kind) {
      return new Names(
          kind, Pattern.compile(FOLDER + "/" + kind + "-(\\d{1,18})-(\\d{1,18})\\.jsonl"));
    }

    @Override
    public Optional<SequenceFiles.Part> part(String name) {
      Matcher matcher = pattern.matcher(name);
      return matcher.matches()
          ? Optional.of(
              new SequenceFiles.Part(
                  name, Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
          : Optional.empty();
    }

    @Override
    public String name(long from, long to) {
      return "%s/%s-%09d-%09d.jsonl".formatted(FOLDER, kind, from, to);
    }
  }

  public MetricsLog(RunFolder folder) {
    this.folder = folder;
    this.steps = new SequenceFiles(folder, FOLDER, Names.of("steps"));
    this.ranks = new SequenceFiles(folder, FOLDER, Names.of("ranks"));
  }

  /** Removes the lines at or after a step: it will be repeated. */
  public void rewindTo(long step) {
    rewind(steps, step, StepMetrics.class, metrics -> metrics.step() < step);
    rewind(ranks, step, RankMetrics.class, metrics -> metrics.from() < step);
    writeEvaluations(evaluations().stream().filter(e -> e.step() <= step).toList());
  }

  private <T> void rewind(SequenceFiles files, long step, Class<T> type, Predicate<T> stays) {
    files.removeCovered();
    for (SequenceFiles.Part part : files.parts()) {
      if (part.to() >= step) {
        if (part.from() < step) {
          List<T> kept = read(part.name(), type).orElseThrow().stream().filter(stays).toList();
          files.shorten(part, step - 1, lines(kept));
        } else {
          folder.delete(part.name());
        }
      }
    }
    files.join();
  }

  /** The steps of one segment. */
  public void append(List<StepMetrics> segment) {
    if (!segment.isEmpty()) {
      steps.write(segment.get(0).step(), segment.get(segment.size() - 1).step(), lines(segment));
      steps.joinSometimes();
    }
  }

  /** All ranks of one segment. */
  public void appendRanks(List<RankMetrics> segment) {
    if (!segment.isEmpty()) {
      ranks.write(segment.get(0).from(), segment.get(0).to() - 1, lines(segment));
      ranks.joinSometimes();
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
    for (int look = 0; look < MOST_LOOKS; look++) {
      Optional<List<StepMetrics>> all = whole();
      if (all.isPresent()) {
        return all.get();
      }
    }
    throw BellowsException.infrastructure(
        "files in %s are gone before they are read".formatted(folder.file(FOLDER)));
  }

  /** Empty if a file that was listed is not there any more. */
  private Optional<List<StepMetrics>> whole() {
    List<StepMetrics> all = new ArrayList<>();
    for (SequenceFiles.Part part : steps.parts()) {
      Optional<List<StepMetrics>> some = read(part.name(), StepMetrics.class);
      if (some.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(some.get());
    }
    return Optional.of(all);
  }

  public List<EpochEvaluation> evaluations() {
    return read(EVALUATIONS, EpochEvaluation.class).orElse(List.of());
  }

  /** Stays when steps are repeated: it is what happened. */
  public void append(ExecutorChange change) {
    List<ExecutorChange> all = new ArrayList<>(executors());
    all.add(change);
    folder.write(EXECUTORS, lines(all));
  }

  public List<ExecutorChange> executors() {
    return read(EXECUTORS, ExecutorChange.class).orElse(List.of());
  }

  private <T> Optional<List<T>> read(String name, Class<T> type) {
    return folder
        .readIfThere(name)
        .map(
            content ->
                new String(content, StandardCharsets.UTF_8)
                    .lines()
                    .map(
                        l -> Json.read(l.getBytes(StandardCharsets.UTF_8), type, folder.file(name)))
                    .toList());
  }

  private static byte[] lines(List<?> values) {
    return values.stream()
        .map(value -> Json.line(value) + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }
}
