package org.bellows.data.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PrefetcherTest {

  /** One thread works: who has begun the third has ended the first two. */
  @Test
  void whatIsReadyIsNoWait() throws InterruptedException {
    CountDownLatch third = new CountDownLatch(3);
    AtomicInteger tasks = new AtomicInteger();
    Callable<Integer> task =
        () -> {
          third.countDown();
          return tasks.incrementAndGet();
        };
    try (Prefetcher<Integer> prefetcher =
        new Prefetcher<>("test", () -> task, new ReadAhead(1, 4))) {
      third.await();
      assertThat(prefetcher.next()).isEqualTo(1);
      assertThat(prefetcher.next()).isEqualTo(2);
      assertThat(prefetcher.waitSeconds()).isZero();
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
    try (Prefetcher<Integer> prefetcher =
        new Prefetcher<>("test", () -> task, new ReadAhead(1, 4))) {
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
      assertThat(prefetcher.next()).isEqualTo(1);
      assertThat(prefetcher.waitSeconds()).isPositive();
    }
  }
}
