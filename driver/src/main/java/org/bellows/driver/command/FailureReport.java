// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.io.IOException;
import java.io.PrintWriter;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.storage.Storage;
import org.bellows.driver.spark.EndedBySignal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The message of a command that failed: a sentence if the reason is understood, otherwise
 * information that helps to find it. Errors of the JVM are reported, too: nothing else would report
 * them.
 */
final class FailureReport {
  private static final Logger LOG = LoggerFactory.getLogger(FailureReport.class);
  private static final int MEBIBYTE = 1 << 20;

  private FailureReport() {}

  /**
   * @return the exit code
   */
  static int tell(Throwable failure, PrintWriter err) {
    BellowsException known = understood(failure);
    if (known != null) {
      err.println("bellows: " + known.getMessage());
      err.flush();
      LOG.debug("where it came from", failure);
      return known.category().exitCode();
    }
    err.println("bellows: something that should not happen happened; please report it:");
    failure.printStackTrace(err);
    err.flush();
    return ErrorCategory.INTERNAL.exitCode();
  }

  /** Null where it is not. */
  private static BellowsException understood(Throwable failure) {
    if (failure instanceof BellowsException known) {
      return known;
    }
    // A chain of causes that leads back to itself would have no end.
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 100; depth++, cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError error) {
        return outOfMemory(error);
      }
      if (cause instanceof StackOverflowError error) {
        return internal(
            "something is nested more deeply than this process can follow (in %s)"
                .formatted(place(error)),
            error);
      }
      if (cause instanceof IOException io && says(io, "Too many open files")) {
        return Storage.failure("opening a file or a connection", io);
      }
      if (cause instanceof IllegalArgumentException && says(cause, "System memory")) {
        return internal(
            "the heap of this process, %d MiB, is too small for Spark; %s"
                .formatted(heapMebibytes(), "give it at least 512 MiB " + HOW),
            cause);
      }
    }
    return EndedBySignal.explain(failure) instanceof BellowsException ended ? ended : null;
  }

  private static final String HOW =
      "(BELLOWS_JAVA_OPTIONS=-Xmx..., under spark-submit spark.driver.memory)";

  private static BellowsException outOfMemory(OutOfMemoryError error) {
    String reason = Storage.reason(error);
    if (reason.contains("native thread")) {
      return BellowsException.infrastructure(
          "the system lets this process start no more threads (%s); raise the limit of processes (ulimit -u)"
              .formatted(reason),
          error);
    }
    return internal(
        "out of memory (%s): the heap of this process has %d MiB; give it more %s"
            .formatted(reason, heapMebibytes(), HOW),
        error);
  }

  private static long heapMebibytes() {
    return Runtime.getRuntime().maxMemory() / MEBIBYTE;
  }

  private static String place(Throwable error) {
    StackTraceElement[] frames = error.getStackTrace();
    return frames.length == 0 ? "an unknown place" : frames[0].getClassName();
  }

  private static boolean says(Throwable error, String words) {
    return String.valueOf(error.getMessage()).contains(words);
  }

  private static BellowsException internal(String message, Throwable cause) {
    return new BellowsException(ErrorCategory.INTERNAL, message, cause);
  }
}
