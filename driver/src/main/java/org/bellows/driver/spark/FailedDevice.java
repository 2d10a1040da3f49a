// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.apache.spark.SparkContext$;
import org.apache.spark.api.plugin.PluginContext;
import org.bellows.conf.ErrorCategory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An executor whose GPU has failed: CUDA cannot be used again in its process, and each task that it
 * got would fail. It leaves as one that was told to end, so that Spark starts another one.
 */
final class FailedDevice {
  private static final Logger LOG = LoggerFactory.getLogger(FailedDevice.class);
  private static final String WHY = "its GPU failed";

  private final BooleanSupplier isFailed;
  private final IntConsumer exit;
  private final AtomicBoolean isEnding = new AtomicBoolean();

  /**
   * @param isFailed whether this process can use its device no more
   * @param exit ends this process
   */
  FailedDevice(BooleanSupplier isFailed, IntConsumer exit) {
    this.isFailed = isFailed;
    this.exit = exit;
  }

  /**
   * To be called before the driver hears that a task has failed: it then knows that the executor
   * leaves, lets it go and waits for another one. What runs in the driver's process stays.
   */
  void endIfFailed(PluginContext context) {
    boolean isExecutor =
        context != null && !context.executorID().equals(SparkContext$.MODULE$.DRIVER_IDENTIFIER());
    if (!isExecutor || !isFailed.getAsBoolean() || isEnding.getAndSet(true)) {
      return;
    }
    LOG.warn("executor {} ends: its GPU has failed", context.executorID());
    try {
      Object unused = context.ask(new LeavingExecutor.Request(context.executorID(), WHY));
    } catch (Exception e) {
      LOG.info("the driver does not answer: {}", e.getMessage());
    }
    Thread thread = new Thread(() -> end(context), "bellows-failed-device");
    thread.setDaemon(true);
    thread.start();
  }

  private void end(PluginContext context) {
    LeavingExecutor.awaitRelease(context, WHY);
    exit.accept(ErrorCategory.INFRASTRUCTURE.exitCode());
  }
}
