// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.filter.AbstractFilter;
import org.apache.logging.log4j.core.filter.CompositeFilter;
import org.apache.logging.log4j.message.Message;

/**
 * Master and workers of a local cluster are threads of this process, and Spark stops them without
 * waiting for one another: a worker learns that its executors were killed when the master has
 * ended, folders are removed into which an executor still writes, connections break during a
 * message. All of that is logged with traces, beside the one sentence that a command has to say.
 * {@link GracefulStop} lets the workers come to their end; of the rest the loggers are silent from
 * the moment of stopping on. Until then nothing is kept back.
 */
final class QuietStop extends AbstractFilter {
  private static final List<String> LOGGERS =
      List.of(
          "org.apache.spark.deploy.",
          "org.apache.spark.network.",
          "org.apache.spark.rpc.",
          "org.apache.spark.scheduler.TaskSchedulerImpl",
          "org.apache.spark.scheduler.cluster.",
          "org.apache.spark.storage.",
          "org.apache.spark.util.");

  private QuietStop() {}

  /** Lasts until Spark is started again: daemon threads log after the stop, too. */
  static void begin() {
    context().addFilter(new QuietStop());
    StoppingErr.install();
  }

  /** Everything is logged again. */
  static void end() {
    StoppingErr.uninstall();
    LoggerContext context = context();
    Filter present = context.getConfiguration().getFilter();
    Filter[] all =
        present instanceof CompositeFilter several
            ? several.getFiltersArray()
            : new Filter[] {present};
    for (Filter filter : all) {
      if (filter instanceof QuietStop) {
        context.removeFilter(filter);
      }
    }
  }

  private static LoggerContext context() {
    return (LoggerContext) LogManager.getContext(false);
  }

  private static Result result(Logger logger) {
    return LOGGERS.stream().anyMatch(logger.getName()::startsWith) ? Result.DENY : Result.NEUTRAL;
  }

  @Override
  public Result filter(
      Logger logger, Level level, Marker marker, String message, Object... parameters) {
    return result(logger);
  }

  @Override
  public Result filter(
      Logger logger, Level level, Marker marker, Object message, Throwable thrown) {
    return result(logger);
  }

  @Override
  public Result filter(
      Logger logger, Level level, Marker marker, Message message, Throwable thrown) {
    return result(logger);
  }
}
