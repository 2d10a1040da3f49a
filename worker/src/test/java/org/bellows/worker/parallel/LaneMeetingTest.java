// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import org.bellows.conf.BellowsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaneMeetingTest {
  private static final int LANES = 4;

  /** 10 * left + right: says the order. */
  private static final BinaryOperator<double[]> DIGITS =
      (left, right) -> new double[] {10 * left[0] + right[0]};

  private static double[] inOrder(
      String what, List<double[]> ofLanes, BinaryOperator<double[]> merge) {
    return ofLanes.stream().reduce(merge).orElseThrow();
  }

  @Test
  void allLanesGetTheSameInTheOrderOfLanes() {
    AtomicInteger computing = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (LaneThreads threads = new LaneThreads(LANES)) {
      LaneMeeting meeting = new LaneMeeting(threads, 2, LaneMeetingTest::inOrder);
      for (int round = 0; round < 50; round++) {
        List<Double> results =
            meeting.run(
                LANES,
                place -> {
                  double sum = 0;
                  for (int layer = 0; layer < 3; layer++) {
                    most.accumulateAndGet(computing.incrementAndGet(), Math::max);
                    Thread.yield();
                    computing.decrementAndGet();
                    double[] own = {place + layer};
                    sum += meeting.at(place).combine("layer " + layer, own, DIGITS)[0];
                  }
                  return sum;
                });
        assertThat(results).containsOnly(123.0 + 1234 + 2345);
      }
    }
    assertThat(most.get()).isBetween(1, 2);
  }

  @Test
  void whereALaneFailsTheOthersDoNotWaitForIt() {
    try (LaneThreads threads = new LaneThreads(LANES)) {
      LaneMeeting meeting = new LaneMeeting(threads, LANES, LaneMeetingTest::inOrder);
      for (int failing = 0; failing < LANES; failing++) {
        int lane = failing;
        assertThatThrownBy(
                () ->
                    meeting.run(
                        LANES,
                        place -> {
                          if (place == lane) {
                            throw BellowsException.data("lane " + lane);
                          }
                          return meeting.at(place).combine("moments", new double[1], DIGITS);
                        }))
            .hasMessage("lane " + lane);
        assertThat(meeting.run(LANES, place -> place)).containsExactly(0, 1, 2, 3);
      }
    }
  }

  /** As another executor that is lost does; its own thread is none of the caller's. */
  @Test
  void whatFailsWhileLanesAreCombinedReachesTheCaller() {
    try (LaneThreads threads = new LaneThreads(LANES)) {
      LaneMeeting meeting =
          new LaneMeeting(
              threads,
              1,
              (what, ofLanes, merge) -> {
                throw BellowsException.infrastructure("rank 1 is gone in the " + what);
              });
      assertThatThrownBy(
              () ->
                  meeting.run(
                      LANES, place -> meeting.at(place).combine("moments", new double[1], DIGITS)))
          .hasMessage("rank 1 is gone in the moments");
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  /** The one that waits for the other executors is interrupted with it. */
  @Test
  void anInterruptEndsAllLanes() {
    Thread caller = Thread.currentThread();
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    try (LaneThreads threads = new LaneThreads(2)) {
      LaneMeeting meeting =
          new LaneMeeting(
              threads,
              2,
              (what, ofLanes, merge) -> {
                caller.interrupt();
                try {
                  never.await();
                } catch (InterruptedException e) {
                  interrupted.incrementAndGet();
                  throw new IllegalStateException("an exchange was interrupted", e);
                }
                return ofLanes.get(0);
              });
      CountDownLatch callerWaits = new CountDownLatch(1);
      assertThatThrownBy(
              () ->
                  meeting.run(
                      2,
                      place -> {
                        if (place == 0) {
                          callerWaits.countDown();
                        } else {
                          awaitUntil(callerWaits, caller);
                        }
                        return meeting.at(place).combine("moments", new double[1], DIGITS);
                      }))
          .hasMessage("interrupted while lanes wait for the moments");
      assertThat(interrupted.get()).isOne();
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** Until the caller waits for the other lane. */
  private static void awaitUntil(CountDownLatch begun, Thread caller) {
    try {
      begun.await();
      while (caller.getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
