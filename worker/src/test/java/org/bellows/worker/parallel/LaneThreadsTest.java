// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.bellows.conf.BellowsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaneThreadsTest {

  @Test
  void tasksRunAtTheSameTimeAndResultsAreInOrder() {
    CyclicBarrier all = new CyclicBarrier(3);
    try (LaneThreads threads = new LaneThreads(3)) {
      for (int round = 0; round < 3; round++) {
        assertThat(
                threads.run(
                    3,
                    place -> {
                      await(all);
                      return 10 * place;
                    }))
            .containsExactly(0, 10, 20);
      }
      assertThat(threads.run(1, place -> Thread.currentThread()))
          .containsExactly(Thread.currentThread());
    }
  }

  private static void await(CyclicBarrier all) {
    try {
      all.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException("the tasks do not run at the same time", e);
    }
  }

  /** Also what fails on the caller's own thread waits for the others: they have its arrays. */
  @Test
  void theFirstFailureIsThrownWhenAllHaveEnded() {
    CountDownLatch failed = new CountDownLatch(1);
    List<Integer> ended = new ArrayList<>();
    try (LaneThreads threads = new LaneThreads(3)) {
      assertThatThrownBy(
              () ->
                  threads.run(
                      3,
                      place -> {
                        if (place == 1) {
                          waitFor(failed);
                          ended.add(place);
                          return place;
                        }
                        failed.countDown();
                        if (place == 0) {
                          throw BellowsException.data("lane 0 cannot be read");
                        }
                        throw new StackOverflowError("lane 2");
                      }))
          .isInstanceOf(BellowsException.class)
          .hasMessage("lane 0 cannot be read")
          .satisfies(e -> assertThat(e.getSuppressed()).singleElement().isInstanceOf(Error.class));
      assertThat(ended).containsExactly(1);
      assertThat(threads.run(2, place -> place)).containsExactly(0, 1);
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      Thread.sleep(50);
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anInterruptOfTheCallerWaitsForTheLanesAndIsKept() {
    Thread caller = Thread.currentThread();
    try (LaneThreads threads = new LaneThreads(2)) {
      List<Boolean> done =
          threads.run(
              2,
              place -> {
                if (place == 1) {
                  caller.interrupt();
                }
                return true;
              });
      assertThat(done).containsExactly(true, true);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void everyElementIsInOnePart() {
    for (int count : new int[] {1, 2, 3}) {
      int length = 100_003;
      AtomicIntegerArray times = new AtomicIntegerArray(length);
      List<Thread> used = new ArrayList<>();
      try (LaneThreads threads = new LaneThreads(count)) {
        threads.run(
            7,
            length,
            (from, to) -> {
              synchronized (used) {
                used.add(Thread.currentThread());
              }
              for (int i = from; i < to; i++) {
                times.incrementAndGet(i);
              }
            });
        threads.run(3, 3, (from, to) -> assertThat(to).isEqualTo(from));
      }
      for (int i = 0; i < length; i++) {
        assertThat(times.get(i)).isEqualTo(i < 7 ? 0 : 1);
      }
      assertThat(used).hasSize(count).doesNotHaveDuplicates();
    }
  }

  @Test
  void aLaneOfSeveralProcessorsDividesVectorsAmongThemButRunsAlone() {
    try (LaneThreads threads = new LaneThreads(1, 3)) {
      Set<Thread> used = ConcurrentHashMap.newKeySet();
      threads.run(0, 100_000, (from, to) -> used.add(Thread.currentThread()));
      assertThat(used).hasSize(3).contains(Thread.currentThread());
      assertThat(threads.count()).isEqualTo(1);
      assertThat(threads.run(1, place -> Thread.currentThread()))
          .containsExactly(Thread.currentThread());
      assertThatThrownBy(() -> threads.run(2, place -> place)).hasMessage("2 tasks for 1 threads");
    }
  }

  @Test
  void afterTheEndNothingBegins() {
    LaneThreads threads = new LaneThreads(2);
    threads.close();
    assertThatThrownBy(() -> threads.run(2, place -> place))
        .hasMessage("the lanes' threads were ended: this process is ending");
  }
}
