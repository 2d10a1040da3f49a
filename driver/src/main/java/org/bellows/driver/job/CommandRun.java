// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.ProblemCollector;
import org.bellows.data.storage.lease.LostLeaseException;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.run.RunResult;
import org.bellows.driver.spark.EndedBySignal;

/** A command that owns a folder: whatever happens, its last word is {@code result.json}. */
public final class CommandRun {
  private final String command;
  private final long start = System.nanoTime();
  private ReportFacts.Stamp stamp;

  public CommandRun(String command) {
    this.command = command;
  }

  /**
   * @param work returns the metrics
   * @throws RuntimeException the failure of the work, after it is in result.json; only a problem of
   *     configuration leaves the folder unchanged, since it may contain the result of another run
   */
  public Map<String, Object> run(
      Configuration hadoop, String output, Function<RunFolder, Map<String, Object>> work) {
    return run(hadoop, output, () -> command, (folder, ignored) -> work.apply(folder));
  }

  /**
   * @param inputs reads and checks the work's inputs; problems of inputs and folder are reported
   *     together
   * @param work returns the metrics
   * @throws RuntimeException as above
   */
  public <T> Map<String, Object> run(
      Configuration hadoop,
      String output,
      Supplier<T> inputs,
      BiFunction<RunFolder, T, Map<String, Object>> work) {
    ProblemCollector problems = new ProblemCollector();
    Optional<RunFolder> folder = problems.of(() -> RunFolder.claim(hadoop, output, command));
    try {
      Optional<T> found = problems.of(inputs);
      problems.requireNone();
      Map<String, Object> metrics = work.apply(folder.orElseThrow(), found.orElseThrow());
      writeSuccess(folder.orElseThrow(), metrics);
      return metrics;
    } catch (RuntimeException | Error e) {
      if (isResult(e)) {
        folder.ifPresent(ours -> writeFailure(ours, e));
      }
      throw e;
    }
  }

  /**
   * A problem of configuration is none: the folder may hold the result of another run. After a lost
   * lease it is another start's.
   */
  public static boolean isResult(Throwable failure) {
    return !(failure instanceof LostLeaseException
        || (failure instanceof BellowsException known
            && known.category() == ErrorCategory.CONFIGURATION));
  }

  /** Marks the folder before the first thing is written to it; an old result is no longer true. */
  public void own(RunFolder folder, Map<String, String> identity) {
    folder.own(command, identity);
    folder.removeResult();
  }

  public void writeSuccess(RunFolder folder, Map<String, Object> metrics) {
    folder.writeResult(result("succeeded", metrics, null));
  }

  /** Where even that cannot be written, the first failure is still the one to tell. */
  public void writeFailure(RunFolder folder, Throwable failure) {
    try {
      Map<String, Object> done =
          failure instanceof PartialFailureException partly ? partly.metrics() : Map.of();
      folder.writeResult(
          result("failed", done, RunResult.Failure.of(EndedBySignal.explain(failure))));
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * The first call decides, so that a report and the result after it agree; to be called when the
   * work is done.
   */
  public ReportFacts.Stamp stamp() {
    if (stamp == null) {
      String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
      stamp = new ReportFacts.Stamp(BuildVersion.text(), now, seconds());
    }
    return stamp;
  }

  private RunResult result(String status, Map<String, Object> metrics, RunResult.Failure failure) {
    return new RunResult(
        status,
        command,
        metrics,
        failure,
        stamp().version(),
        stamp().finishedAt(),
        stamp().seconds());
  }

  double seconds() {
    return Math.round((System.nanoTime() - start) * 1e-7) / 100.0;
  }
}
