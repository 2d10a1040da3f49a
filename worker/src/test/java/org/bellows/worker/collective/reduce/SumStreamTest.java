// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.bellows.worker.Ranks;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.PassingCommunicator;
import org.bellows.worker.collective.PeerLostException;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.ShardedVector.Summed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SumStreamTest {
  private static final int LENGTH = 100_000;
  private static final int BUCKETS = 7;
  private static final int LANES = 5;

  private static ShardedVector sharded(Communicator communicator) {
    Sharding whole = new Sharding(LENGTH, LANES, communicator.size(), 64, List.of());
    return new ShardedVector(communicator, whole.inBuckets(BUCKETS));
  }

  private static Map<Node, float[]> sums(ShardedVector sharded, int rank) {
    Map<Node, float[]> sums = new LinkedHashMap<>();
    for (Node node : sharded.nodes(rank)) {
      SplittableRandom random = new SplittableRandom(node.from());
      float[] sum = new float[LENGTH];
      for (int i = 0; i < LENGTH; i++) {
        sum[i] = (float) random.nextDouble();
      }
      sums.put(node, sum);
    }
    return sums;
  }

  private static float[] whole(ShardedVector sharded, float[] owned) {
    float[] vector = new float[LENGTH];
    sharded.owned().write(owned, vector);
    sharded.allGatherInPlace("test", vector);
    return vector;
  }

  /**
   * What is not final yet holds other numbers. One rank tells of nothing before the end, another of
   * all at once; between hosts and in them.
   */
  @Test
  void whatIsSentWhileARankComputesIsWhatItEndsWith() {
    for (List<Integer> ofHosts : List.of(List.of(3), List.of(1, 1, 1), List.of(1, 2))) {
      List<float[]> results =
          Ranks.onHosts(
              ofHosts,
              communicator -> {
                ShardedVector sharded = sharded(communicator);
                int rank = communicator.rank();
                float[] plain = whole(sharded, sharded.reduceScatter("plain", sums(sharded, rank)));
                SumStream stream = sharded.stream("step 3");
                Map<Node, float[]> finished = sums(sharded, rank);
                Map<Node, float[]> growing = new LinkedHashMap<>();
                finished.forEach((node, sum) -> growing.put(node, new float[LENGTH]));
                int tellings = List.of(0, 40, 1).get(rank);
                int end = LENGTH;
                for (int i = 1; i <= tellings; i++) {
                  int from = LENGTH - (int) ((long) LENGTH * i / tellings);
                  for (Node node : growing.keySet()) {
                    System.arraycopy(finished.get(node), from, growing.get(node), from, end - from);
                  }
                  stream.isFinal(growing, from);
                  end = from;
                }
                Summed sum = stream.finish(end == 0 ? growing : finished, rank != 1, rank == 2);
                assertThat(sum.all()).isFalse();
                assertThat(sum.isLeft()).isTrue();
                assertThat(whole(sharded, sum.owned())).isEqualTo(plain);
                return plain;
              });
      assertThat(results.get(1)).isEqualTo(results.get(0));
    }
  }

  /** Notes by whom each exchange is made. */
  private static final class NamingExchange extends PassingCommunicator {
    private final List<String> threads = Collections.synchronizedList(new ArrayList<>());

    NamingExchange(Communicator communicator) {
      super(communicator);
    }

    List<String> threads() {
      return threads;
    }

    @Override
    public void exchange(
        String what,
        IntPredicate among,
        IntFunction<List<BufferRegion>> outgoing,
        IntFunction<List<BufferRegion>> incoming) {
      threads.add(Thread.currentThread().getName());
      super.exchange(what, among, outgoing, incoming);
    }

    @Override
    public void send(String what, IntPredicate among, IntFunction<List<BufferRegion>> outgoing) {
      threads.add(Thread.currentThread().getName());
      super.send(what, among, outgoing);
    }
  }

  /** All buckets but the one that the votes travel with, which leaves at the end. */
  @Test
  void aThreadOfItsOwnSendsWhatIsFinalWhileTheCallerComputes() {
    List<List<String>> threads =
        Ranks.run(
            2,
            communicator -> {
              NamingExchange naming = new NamingExchange(communicator);
              ShardedVector sharded = sharded(naming);
              Map<Node, float[]> sums = sums(sharded, communicator.rank());
              SumStream stream = sharded.stream("step 3");
              stream.isFinal(sums, 0);
              while (naming.threads().size() < BUCKETS - 1) {
                sleep(1);
              }
              sleep(50);
              assertThat(naming.threads()).as("before the votes").hasSize(BUCKETS - 1);
              stream.finish(sums, true, false);
              assertThat(stream.hiddenSeconds()).isPositive();
              List<String> names = List.copyOf(naming.threads());
              SumStream silent = sharded.stream("step 4");
              silent.finish(sums, true, false);
              assertThat(silent.hiddenSeconds()).isZero();
              return names;
            });
    for (int rank = 0; rank < 2; rank++) {
      assertThat(threads.get(rank)).as("an exchange for each bucket").hasSize(BUCKETS);
      assertThat(threads.get(rank)).containsOnly("bellows-overlap-" + rank);
    }
  }

  /** Receives nothing before everything has been sent. */
  private static final class SendingFirst extends PassingCommunicator {
    private final CountDownLatch sent = new CountDownLatch(BUCKETS);

    SendingFirst(Communicator communicator) {
      super(communicator);
    }

    @Override
    public void send(String what, IntPredicate among, IntFunction<List<BufferRegion>> outgoing) {
      super.send(what, among, outgoing);
      sent.countDown();
    }

    @Override
    public void receive(String what, IntPredicate among, IntFunction<List<BufferRegion>> incoming) {
      try {
        sent.await();
      } catch (InterruptedException e) {
        throw new PeerLostException("interrupted", e);
      }
      super.receive(what, among, incoming);
    }
  }

  /** A link with a delay would stand still for as long as the delay is. */
  @Test
  void noBucketWaitsUntilThoseOfOthersHaveArrived() {
    for (List<Integer> ofHosts : List.of(List.of(1, 1), List.of(2, 2))) {
      Ranks.onHosts(
          ofHosts,
          communicator -> {
            ShardedVector plain = sharded(communicator);
            Map<Node, float[]> sums = sums(plain, communicator.rank());
            float[] expected = whole(plain, plain.reduceScatter("plain", sums));
            ShardedVector sharded = sharded(new SendingFirst(communicator));
            Summed sum = sharded.stream("step 3").finish(sums, communicator.rank() != 3, false);
            assertThat(sum.all())
                .as("on hosts of %s ranks", ofHosts)
                .isEqualTo(ofHosts.get(0) == 1);
            assertThat(sum.isLeft()).isFalse();
            assertThat(whole(plain, sum.owned())).isEqualTo(expected);
            return null;
          });
    }
  }

  /** Also where a bucket arrives from another host while the next is exchanged on this one. */
  @Test
  void noTimeIsHiddenTwice() {
    for (List<Integer> ofHosts : List.of(List.of(2), List.of(1, 1), List.of(2, 2))) {
      Ranks.onHosts(
          ofHosts,
          communicator -> {
            SlowExchange slow = new SlowExchange(communicator);
            ShardedVector sharded = sharded(slow);
            Map<Node, float[]> sums = sums(sharded, communicator.rank());
            SumStream stream = sharded.stream("step 3");
            long start = System.nanoTime();
            stream.isFinal(sums, 0);
            sleep(200);
            stream.finish(sums, true, false);
            double elapsed = (System.nanoTime() - start) * 1e-9;
            assertThat(stream.hiddenSeconds())
                .as("on hosts of %s ranks", ofHosts)
                .isPositive()
                .isLessThan(elapsed);
            return 0;
          });
    }
  }

  private static final class SlowExchange extends PassingCommunicator {
    SlowExchange(Communicator communicator) {
      super(communicator);
    }

    @Override
    public void exchange(
        String what,
        IntPredicate among,
        IntFunction<List<BufferRegion>> outgoing,
        IntFunction<List<BufferRegion>> incoming) {
      sleep(20);
      super.exchange(what, among, outgoing, incoming);
    }

    @Override
    public void receive(String what, IntPredicate among, IntFunction<List<BufferRegion>> incoming) {
      sleep(30);
      super.receive(what, among, incoming);
    }
  }

  /** Between hosts, so that no link stands still from bucket to bucket. */
  @Test
  void whatIsFinalIsSentBeforeAnythingOfAnotherHostArrives() {
    CountDownLatch sent = new CountDownLatch(1);
    List<float[]> results =
        Ranks.onHosts(
            List.of(1, 1),
            communicator -> {
              NamingExchange naming = new NamingExchange(communicator);
              ShardedVector sharded = sharded(naming);
              Map<Node, float[]> sums = sums(sharded, communicator.rank());
              SumStream stream = sharded.stream("step 3");
              if (communicator.rank() == 0) {
                stream.isFinal(sums, 0);
                while (naming.threads().size() < BUCKETS - 1) {
                  sleep(1);
                }
                sent.countDown();
              } else {
                await(sent);
              }
              return whole(sharded, stream.finish(sums, true, false).owned());
            });
    assertThat(results.get(0)).isEqualTo(results.get(1));
  }

  @Test
  void aRankThatIsLostMeanwhileIsNamedAtTheEnd() {
    assertThatThrownBy(
            () ->
                Ranks.run(
                    2,
                    communicator -> {
                      ShardedVector sharded = sharded(communicator);
                      Map<Node, float[]> sums = sums(sharded, communicator.rank());
                      SumStream stream = sharded.stream("step 3");
                      stream.isFinal(sums, communicator.rank() == 0 ? 0 : LENGTH / 2);
                      sleep(100);
                      if (communicator.rank() == 1) {
                        stream.abandon(new IllegalStateException("this rank's own"));
                        return 0;
                      }
                      stream.finish(sums, true, false);
                      return 1;
                    }))
        .isInstanceOf(PeerLostException.class)
        .hasMessageMatching("rank 1 at .* closed the connection during reduce-scatter of step 3");
  }

  @Test
  void aRankThatCannotGoOnEndsItsExchange() {
    List<Throwable> causes = new ArrayList<>();
    CountDownLatch abandoned = new CountDownLatch(1);
    Ranks.run(
        2,
        communicator -> {
          if (communicator.rank() == 0) {
            NamingExchange naming = new NamingExchange(communicator);
            ShardedVector sharded = sharded(naming);
            SumStream stream = sharded.stream("step 3");
            stream.isFinal(sums(sharded, 0), 0);
            awaitExchange(naming);
            causes.add(new IllegalStateException("this rank's own"));
            stream.abandon(causes.get(0));
            abandoned.countDown();
          } else {
            await(abandoned);
          }
          return 0;
        });
    assertThat(causes.get(0).getSuppressed()).hasSize(1);
    assertThat(causes.get(0).getSuppressed()[0])
        .isInstanceOf(PeerLostException.class)
        .hasMessage("interrupted during reduce-scatter of step 3");
  }

  @Test
  void anInterruptOfTheCallerEndsTheExchange() {
    CountDownLatch interrupted = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                Ranks.run(
                    2,
                    communicator -> {
                      if (communicator.rank() == 1) {
                        await(interrupted);
                        return 0;
                      }
                      NamingExchange naming = new NamingExchange(communicator);
                      ShardedVector sharded = sharded(naming);
                      Map<Node, float[]> sums = sums(sharded, 0);
                      SumStream stream = sharded.stream("step 3");
                      stream.isFinal(sums, 0);
                      awaitExchange(naming);
                      Thread.currentThread().interrupt();
                      try {
                        stream.finish(sums, true, false);
                      } finally {
                        interrupted.countDown();
                      }
                      return 1;
                    }))
        .isInstanceOf(PeerLostException.class)
        .hasMessage("interrupted during reduce-scatter of step 3");
  }

  /** Until the thread that exchanges is in its first exchange, which the other rank never joins. */
  private static void awaitExchange(NamingExchange naming) {
    while (naming.threads().isEmpty()) {
      sleep(1);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
