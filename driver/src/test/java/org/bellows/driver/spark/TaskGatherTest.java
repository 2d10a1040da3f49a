// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.driver.spark.TaskGather.Meeting;
import org.bellows.driver.spark.TaskGather.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TaskGatherTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static Message message(int stage, int attempt, int partition) {
    return new Message(stage, attempt, partition, 3, "stage " + stage + " task " + partition);
  }

  private static List<String> all(int stage) {
    return IntStream.range(0, 3).mapToObj(i -> "stage " + stage + " task " + i).toList();
  }

  @Test
  void everyTaskGetsAllMessagesInTheOrderOfPartitions() throws Exception {
    Meeting meeting = new Meeting();
    for (int stage = 0; stage < 3; stage++) {
      int now = stage;
      List<CompletableFuture<List<String>>> tasks =
          List.of(2, 0, 1).stream()
              .map(
                  partition ->
                      CompletableFuture.supplyAsync(
                          () ->
                              TaskGather.await(
                                  meeting::add, message(now, 0, partition), LONG, () -> false)))
              .toList();
      for (CompletableFuture<List<String>> task : tasks) {
        assertThat(task.get(20, TimeUnit.SECONDS)).isEqualTo(all(stage));
      }
    }
  }

  /** Spark submits the whole stage once more: what the first attempt said is not used. */
  @Test
  void aNewAttemptBeginsFromNothingAndAnOldOneIsTurnedAway() {
    Meeting meeting = new Meeting();
    assertThat(meeting.add(message(4, 0, 0))).isEmpty();
    assertThat(meeting.add(message(4, 0, 1))).isEmpty();
    assertThat(meeting.add(message(4, 1, 2))).as("two of the first attempt").isEmpty();
    assertThatThrownBy(() -> meeting.add(message(4, 0, 2)))
        .hasMessage("a task of stage 4, attempt 0, comes too late: stage 4, attempt 1, has begun");
    assertThatThrownBy(() -> meeting.add(message(3, 5, 2)))
        .hasMessage("a task of stage 3, attempt 5, comes too late: stage 4, attempt 1, has begun");
    assertThat(meeting.add(message(4, 1, 0))).isEmpty();
    assertThat(meeting.add(message(4, 1, 1))).isEqualTo(all(4));
    assertThat(meeting.add(message(4, 1, 2))).as("who asks again").isEqualTo(all(4));
  }

  @Test
  void aTaskThatNeverComesIsToldAfterTheTimeout() {
    assertThatThrownBy(
            () ->
                TaskGather.await(new Meeting()::add, message(0, 0, 1), Duration.ZERO, () -> false))
        .isInstanceOfSatisfying(
            BellowsException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.INFRASTRUCTURE))
        .hasMessage(
            "not all of the 3 tasks of a segment began within 0 s (spark.barrier.sync.timeout)");
  }

  @Test
  void whoIsCancelledOrInterruptedWaitsNoLonger() {
    assertThatThrownBy(
            () -> TaskGather.await(new Meeting()::add, message(0, 0, 1), LONG, () -> true))
        .hasMessage("cancelled while it waited for the other tasks of a segment");
    assertThat(Thread.interrupted()).isTrue();
    AtomicBoolean asked = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                TaskGather.await(
                    message -> {
                      asked.set(true);
                      Thread.currentThread().interrupt();
                      return List.of();
                    },
                    message(0, 0, 1),
                    LONG,
                    () -> false))
        .hasMessage("cancelled while it waited for the other tasks of a segment");
    assertThat(asked).isTrue();
    assertThat(Thread.interrupted()).as("is left to whoever is above").isTrue();
  }

  @Test
  void aDriverThatDoesNotAnswerIsAFailureOfTheMachines() {
    assertThatThrownBy(
            () ->
                TaskGather.await(
                    message -> {
                      throw new IOException("connection refused");
                    },
                    message(0, 0, 1),
                    LONG,
                    () -> false))
        .isInstanceOfSatisfying(
            BellowsException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.INFRASTRUCTURE))
        .hasMessage("the driver does not answer: connection refused");
  }
}
