// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.bellows.conf.BellowsException;

/**
 * The tasks of a barrier stage tell each other one message each, through the driver. Spark's own
 * {@code BarrierTaskContext.allGather} sleeps for a whole second before it looks whether the others
 * have come, and each segment of a run would wait for that.
 */
public final class TaskGather {
  private static final long FIRST_PAUSE_MILLISECONDS = 4;
  private static final long LONGEST_PAUSE_MILLISECONDS = 64;

  private TaskGather() {}

  /**
   * From a task to the driver, again and again until the answer is whole.
   *
   * @param attempt of the stage, which Spark submits again after a task was lost
   * @param partitions tasks of the stage
   */
  record Message(int stage, int attempt, int partition, int partitions, String text)
      implements Serializable {}

  /** How a message gets to the driver; what comes back is empty until all tasks have come. */
  @FunctionalInterface
  interface Driver {
    List<String> ask(Message message) throws Exception;
  }

  /**
   * Waits for all tasks of the stage; {@code spark.barrier.sync.timeout} at most, as Spark does.
   *
   * @return the messages by partition
   * @throws BellowsException (infrastructure) if a task does not come, or this one is cancelled
   */
  public static List<String> allGather(BarrierTaskContext context, String text) {
    long seconds = SparkEnv.get().conf().getTimeAsSeconds("spark.barrier.sync.timeout", "365d");
    Message message =
        new Message(
            context.stageId(),
            context.stageAttemptNumber(),
            context.partitionId(),
            context.getTaskInfos().length,
            text);
    return await(
        BellowsPlugin::gather, message, Duration.ofSeconds(seconds), context::isInterrupted);
  }

  static List<String> await(
      Driver driver, Message message, Duration timeout, BooleanSupplier cancelled) {
    long begun = System.nanoTime();
    long pause = FIRST_PAUSE_MILLISECONDS;
    try {
      List<String> all = driver.ask(message);
      while (all.isEmpty()) {
        if (System.nanoTime() - begun > timeout.toNanos()) {
          throw BellowsException.infrastructure(
              "not all of the %d tasks of a segment began within %d s (spark.barrier.sync.timeout)"
                  .formatted(message.partitions(), timeout.toSeconds()));
        }
        if (cancelled.getAsBoolean()) {
          throw new InterruptedException();
        }
        TimeUnit.MILLISECONDS.sleep(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS);
        all = driver.ask(message);
      }
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure(
          "cancelled while it waited for the other tasks of a segment", e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw BellowsException.infrastructure("the driver does not answer: " + e.getMessage(), e);
    }
  }

  /** On the driver. A Spark context runs one segment at a time: only the newest stage counts. */
  static final class Meeting {
    private int stage = -1;
    private int attempt = -1;
    private String[] texts = {};

    /**
     * @return the messages by partition, or nothing while one is missing; serializable
     * @throws IllegalStateException for a task of a stage that is over
     */
    synchronized List<String> add(Message message) {
      boolean isNewer =
          message.stage() > stage || (message.stage() == stage && message.attempt() > attempt);
      if (isNewer) {
        stage = message.stage();
        attempt = message.attempt();
        texts = new String[message.partitions()];
      } else if (message.stage() != stage || message.attempt() != attempt) {
        throw new IllegalStateException(
            "a task of stage %d, attempt %d, comes too late: stage %d, attempt %d, has begun"
                .formatted(message.stage(), message.attempt(), stage, attempt));
      }
      texts[message.partition()] = message.text();
      boolean isWhole = Arrays.stream(texts).allMatch(Objects::nonNull);
      return isWhole ? new ArrayList<>(Arrays.asList(texts)) : new ArrayList<>();
    }
  }
}
