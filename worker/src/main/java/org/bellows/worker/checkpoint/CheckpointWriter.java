// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.checkpoint;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.bellows.conf.BellowsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes checkpoints on a thread of its own, while steps continue. At most one is being written:
 * the caller with the next waits for it. A failure is thrown at the next call, whichever that is.
 * Used by one thread.
 */
public final class CheckpointWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);
  private static final long CLOSE_SECONDS = 10;

  private final CheckpointStore store;
  private final int keepLast;
  private final Duration timeout;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(CheckpointWriter::thread);
  private Future<?> writing;

  /**
   * @param keepLast how many of the newest are kept after each
   * @param timeout longest wait for one that is being written
   */
  public CheckpointWriter(CheckpointStore store, int keepLast, Duration timeout) {
    this.store = store;
    this.keepLast = keepLast;
    this.timeout = timeout;
  }

  private static Thread thread(Runnable body) {
    Thread thread = new Thread(body, "bellows-checkpoint");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * @param checkpoint made on the writer's thread; must contain copies of arrays that change
   * @throws BellowsException the failure of the last one
   */
  public void submit(Supplier<Checkpoint> checkpoint) {
    await();
    writing =
        thread.submit(
            () -> {
              Checkpoint made = checkpoint.get();
              store.write(made);
              store.keepLast(keepLast, made.state().step());
            });
  }

  /**
   * Returns when nothing is being written any more.
   *
   * @throws BellowsException the failure of the last one, or (infrastructure) when it takes too
   *     long
   */
  public void await() {
    if (writing == null) {
      return;
    }
    try {
      writing.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BellowsException known) {
        throw known;
      }
      throw new IllegalStateException("writing a checkpoint failed", e.getCause());
    } catch (TimeoutException e) {
      throw BellowsException.infrastructure(
          "a checkpoint was still being written after %d s (sync.timeout-seconds)"
              .formatted(timeout.toSeconds()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("interrupted while a checkpoint was being written", e);
    } finally {
      writing = null;
    }
  }

  /**
   * Gives the checkpoint that is being written some time, because the run may resume from it. If it
   * takes longer it does no harm: it holds the bits that any other attempt would write.
   */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a checkpoint is still being written");
      } else if (writing != null) {
        await();
      }
    } catch (BellowsException | IllegalStateException e) {
      // The caller closes because of another failure; this one would be lost otherwise.
      LOG.warn("the last checkpoint was not written: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
