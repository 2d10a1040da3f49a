// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;
import org.bellows.conf.BellowsException;

/**
 * SIGTERM or SIGINT to the driver, as when it is preempted: the run gets some time to finish the
 * segment that is running, and with it a checkpoint, and to write {@code result.json} before Spark
 * is shut down. The process then ends with 143 or 130, as the signal says.
 */
public final class ShutdownRequest implements AutoCloseable {
  /** Before Spark's own hook, which runs at 40 and would take the executors away first. */
  private static final int PRIORITY = 100;

  /** To say how it ended, when the segment did not. */
  private static final long LAST_WORDS_SECONDS = 10;

  private final Runnable cancel;
  private final Duration grace;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Runnable hook = this::terminate;
  private volatile boolean asked;

  private ShutdownRequest(Runnable cancel, Duration grace) {
    this.cancel = cancel;
    this.grace = grace;
  }

  /**
   * @param cancel ends the segment that is running
   * @param grace for it before that
   */
  public static ShutdownRequest watch(Runnable cancel, Duration grace) {
    ShutdownRequest shutdownRequest = new ShutdownRequest(cancel, grace);
    ShutdownHookManager.get()
        .addShutdownHook(
            shutdownRequest.hook,
            PRIORITY,
            grace.toSeconds() + 2 * LAST_WORDS_SECONDS,
            TimeUnit.SECONDS);
    return shutdownRequest;
  }

  private void terminate() {
    asked = true;
    try {
      if (!over.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        cancel.run();
        over.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether this process received a signal to end. */
  public boolean isAsked() {
    return asked;
  }

  /**
   * @param step with whose checkpoint a new start resumes
   * @throws BellowsException (infrastructure) when this process received a signal to end
   */
  void stopIfRequested(long step) {
    if (asked) {
      throw BellowsException.infrastructure(
          "the driver was told to end (SIGTERM or SIGINT) and stopped after step %d; a new start with the same output.path resumes from the newest checkpoint"
              .formatted(step));
    }
  }

  /** The run has said its last word. */
  @Override
  public void close() {
    over.countDown();
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(hook);
    }
  }
}
