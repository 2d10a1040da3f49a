// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.io.Serializable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.util.SignalUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.runtime.AbstractFunction0;

/**
 * An executor that receives SIGTERM, as when it is preempted, or that Spark decommissions. While a
 * run trains on it, its rank says so with the vote of the next step, all ranks stop after that step
 * with a checkpoint, and it ends when the driver lets it go: nothing is lost. The flag hangs on a
 * static, because Spark makes tasks and plugins each by itself.
 */
public final class LeavingExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(LeavingExecutor.class);

  /** 128 and the signal's number. */
  private static final int EXIT_CODE = 143;

  private static final String SIGTERM = "SIGTERM";
  private static final long PAUSE_MILLISECONDS = 50;
  private static final AtomicBoolean ASKED = new AtomicBoolean();

  private LeavingExecutor() {}

  /**
   * From an executor that was told to end, to the driver: may it?
   *
   * @param executor its identifier
   * @param why it ends, for a person
   */
  record Request(String executor, String why) implements Serializable {}

  /** Whether this executor has been told to leave. */
  public static boolean isAsked() {
    return ASKED.get();
  }

  /** Spark decommissions it, and ends its process itself when no task runs any more. */
  static void decommission() {
    if (!ASKED.getAndSet(true)) {
      LOG.info("Spark decommissions this executor; it leaves with the next step");
    }
  }

  /**
   * From now on this process ends after SIGTERM when the driver lets it, or is gone. Spark's signal
   * of decommissioning is heard, too: sooner than from the driver.
   */
  static void watch(PluginContext context) {
    if (context.conf().getBoolean("spark.decommission.enabled", false)) {
      SignalUtils.register(
          context.conf().get("spark.executor.decommission.signal", "PWR"),
          new AbstractFunction0<Object>() {
            @Override
            public Object apply() {
              decommission();
              return true;
            }
          });
    }
    SignalUtils.register(
        "TERM",
        new AbstractFunction0<Object>() {
          @Override
          public Object apply() {
            if (!ASKED.getAndSet(true)) {
              LOG.info("told to end (SIGTERM); leaves after the next step");
              Thread thread = new Thread(() -> askToLeave(context), "bellows-leave");
              thread.setDaemon(true);
              thread.start();
            }
            return true;
          }
        });
  }

  private static void askToLeave(PluginContext context) {
    awaitRelease(context, SIGTERM);
    System.exit(EXIT_CODE);
  }

  /** Returns when the driver lets the executor go, or is gone. */
  static void awaitRelease(PluginContext context, String why) {
    try {
      while (!Boolean.TRUE.equals(context.ask(new Request(context.executorID(), why)))) {
        Thread.sleep(PAUSE_MILLISECONDS);
      }
    } catch (Exception e) {
      LOG.info("the driver does not answer: {}", e.getMessage());
    }
  }
}
