// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.ahead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OrderedPrefetcherTest {

  /** One thread works: when it begins the third, the first two are done. */
  @Test
  void whatIsReadyIsNoWait() throws InterruptedException {
    CountDownLatch third = new CountDownLatch(3);
    AtomicInteger tasks = new AtomicInteger();
    Callable<Integer> task =
        () -> {
          third.countDown();
          return tasks.incrementAndGet();
        };
    try (OrderedPrefetcher<Integer> ahead = new OrderedPrefetcher<>("test", 1, 4, () -> task)) {
      third.await();
      assertThat(ahead.next()).isEqualTo(1);
      assertThat(ahead.next()).isEqualTo(2);
      assertThat(ahead.waitSeconds()).isZero();
    }
  }

  /** One thread works: when it begins the third, the first two are done. */
  @Test
  void whatIsReadyCanBeLookedAt() throws InterruptedException {
    CountDownLatch third = new CountDownLatch(3);
    CountDownLatch seen = new CountDownLatch(1);
    AtomicInteger tasks = new AtomicInteger();
    Callable<Integer> task =
        () -> {
          third.countDown();
          int number = tasks.incrementAndGet();
          if (number == 2) {
            throw new IllegalStateException("no second");
          }
          if (number == 3) {
            seen.await();
          }
          return number;
        };
    try (OrderedPrefetcher<Integer> ahead = new OrderedPrefetcher<>("test", 1, 4, () -> task)) {
      third.await();
      assertThat(ahead.ready()).contains(1);
      assertThat(ahead.ready()).contains(1);
      assertThat(ahead.next()).isEqualTo(1);
      assertThat(ahead.ready()).as("a failure").isEmpty();
      assertThatThrownBy(ahead::next).hasMessage("no second");
      assertThat(ahead.ready()).as("after it").isEmpty();
      seen.countDown();
    }
    CountDownLatch never = new CountDownLatch(1);
    try (OrderedPrefetcher<Integer> ahead = new OrderedPrefetcher<>("test", 1, 1)) {
      assertThat(ahead.ready()).as("nothing was added").isEmpty();
      ahead.add(
          () -> {
            never.await();
            return 1;
          });
      assertThat(ahead.ready()).as("not done").isEmpty();
    }
  }

  @Test
  void whatIsNotReadyIs() {
    CountDownLatch asked = new CountDownLatch(1);
    Callable<Integer> task =
        () -> {
          asked.await();
          return 1;
        };
    try (OrderedPrefetcher<Integer> ahead = new OrderedPrefetcher<>("test", 1, 4, () -> task)) {
      Thread consumer = Thread.currentThread();
      Thread releaser =
          new Thread(
              () -> {
                while (consumer.getState() != Thread.State.WAITING) {
                  Thread.onSpinWait();
                }
                asked.countDown();
              });
      releaser.start();
      assertThat(ahead.next()).isEqualTo(1);
      assertThat(ahead.waitSeconds()).isPositive();
    }
  }

  /** Two threads, the first task ends last. */
  @Test
  void whatIsAddedComesInItsOrderAndWithinTheBound() {
    try (OrderedPrefetcher<Integer> ahead = new OrderedPrefetcher<>("test", 2, 2)) {
      assertThat(ahead.next()).isNull();
      CountDownLatch second = new CountDownLatch(1);
      ahead.add(
          () -> {
            second.await();
            return 1;
          });
      assertThat(ahead.isFull()).isFalse();
      ahead.add(
          () -> {
            second.countDown();
            return 2;
          });
      assertThat(ahead.isFull()).isTrue();
      assertThatThrownBy(() -> ahead.add(() -> 3)).isInstanceOf(IllegalStateException.class);
      assertThat(ahead.next()).isEqualTo(1);
      ahead.add(() -> 3);
      assertThat(ahead.next()).isEqualTo(2);
      assertThat(ahead.next()).isEqualTo(3);
      assertThat(ahead.next()).isNull();
    }
  }

  @Test
  void whatATaskFailedWithIsThrownAsItIs() {
    try (OrderedPrefetcher<Integer> ahead = new OrderedPrefetcher<>("test", 1, 2)) {
      ahead.add(
          () -> {
            throw new IllegalArgumentException("odd");
          });
      assertThatThrownBy(ahead::next)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("odd");
      assertThat(ahead.next()).isNull();
    }
  }
}
