package org.bellows.driver.command;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bellows.driver.run.Result;
import org.bellows.driver.run.RunFolder;

/** A command that owns a folder: whatever happens, its last word is {@code result.json}. */
final class Job {
  private final String command;
  private final long start = System.nanoTime();

  Job(String command) {
    this.command = command;
  }

  /**
   * @param open takes the folder; fails without a result if it belongs to somebody else
   * @param work returns the metrics
   */
  Map<String, Object> run(Supplier<RunFolder> open, Function<RunFolder, Map<String, Object>> work) {
    RunFolder folder = open.get();
    folder.removeResult();
    try {
      Map<String, Object> metrics = work.apply(folder);
      writeSuccess(folder, metrics);
      return metrics;
    } catch (RuntimeException | Error e) {
      writeFailure(folder, e);
      throw e;
    }
  }

  void writeSuccess(RunFolder folder, Map<String, Object> metrics) {
    folder.writeResult(result("succeeded", metrics, null));
  }

  /** Where even that cannot be written, the first failure is still the one to tell. */
  private void writeFailure(RunFolder folder, Throwable failure) {
    try {
      folder.writeResult(result("failed", Map.of(), Result.Failure.of(failure)));
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private Result result(String status, Map<String, Object> metrics, Result.Failure failure) {
    return new Result(
        status,
        command,
        metrics,
        failure,
        Version.text(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        seconds());
  }

  double seconds() {
    return Math.round((System.nanoTime() - start) * 1e-7) / 100.0;
  }
}
