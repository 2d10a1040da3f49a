// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bellows.conf.BellowsException;
import org.bellows.driver.benchmark.collective.SocketCopy;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.LaneTree;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.ShardedVector;
import org.bellows.worker.collective.transport.Rendezvous;
import org.bellows.worker.collective.transport.Session;

/** One rank of the measurement, with one lane. */
final class RankExchange implements AutoCloseable {
  private final LinkPlan plan;
  private final int rank;
  private final Rendezvous rendezvous;
  private final SocketCopy copy;
  private final float[] vector;
  private final float[] lane;

  /** The sum over all lanes. */
  private final float[] expected;

  private Communicator communicator;
  private ShardedVector direct;
  private ShardedVector byHost;
  private TreeHalving halving;

  /** Made by the first round with a network. */
  private RankPass passes;

  /**
   * Opens ports for the others.
   *
   * @param address of the host
   */
  RankExchange(LinkPlan plan, int rank, String address) {
    this.plan = plan;
    this.rank = rank;
    this.vector = new float[plan.floats()];
    this.lane = ofLane(rank);
    this.expected = expected();
    this.rendezvous = Rendezvous.open(address);
    try {
      this.copy = new SocketCopy(InetAddress.getByName(address), rank, plan.allRanks());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no address: " + address, e);
    }
  }

  String address() {
    return rendezvous.address();
  }

  String copyAddress() {
    return copy.address();
  }

  /** All ranks call it. */
  void connect(Session session, List<String> addresses, List<String> copyAddresses) {
    Duration timeout = Duration.ofSeconds(plan.timeoutSeconds());
    communicator = rendezvous.connect(session, addresses, rank, timeout);
    copy.connect(copyAddresses);
    direct = new ShardedVector(new Apart(communicator), plan.sharding());
    byHost = new ShardedVector(communicator, plan.sharding());
    halving = new TreeHalving(communicator, vector);
  }

  /**
   * One round, which begins on all ranks at the same time. All ranks call it.
   *
   * @return seconds that this rank took
   */
  double take(ExchangeKind kind) {
    Map<Node, float[]> sums = sums();
    System.arraycopy(lane, 0, vector, 0, lane.length);
    direct.all("a round's begin", true);
    long begin = System.nanoTime();
    switch (kind) {
      case DIRECT -> exchange(direct, sums);
      case BY_HOST -> exchange(byHost, sums);
      case HALVING -> halving.allReduce();
      case COPY -> copy.swap(2L * Float.BYTES * plan.floats() / plan.allRanks());
      case HOST_COPY -> copyBetweenHosts(2L * Float.BYTES * plan.floats() / plan.hosts());
      case INCAST -> sendToFirst();
    }
    double seconds = (System.nanoTime() - begin) * 1e-9;
    direct.all("a round's end", true);
    if (kind.isExchange()) {
      requireSum(kind.word());
    }
    return seconds;
  }

  /**
   * One round with the plan's network. All ranks call it.
   *
   * @return seconds that this rank took
   */
  double pass(PassKind kind) {
    return passes().take(kind);
  }

  /**
   * Compares the sums of both ways of sending. All ranks call it.
   *
   * @return 0
   */
  double requireAgreement() {
    if (!passes().sumsAgree()) {
      throw BellowsException.infrastructure(
          "sums in buckets of rank %d have other bits than those in one".formatted(rank));
    }
    return 0;
  }

  /**
   * Has passes be slept through from now on. All ranks call it.
   *
   * @param factor by which they are longer than a computed one
   * @return 0
   */
  double record(double factor) {
    passes().record(factor);
    return 0;
  }

  /** Of this rank's last pass. */
  double coverSeconds() {
    return passes().coverSeconds();
  }

  private RankPass passes() {
    if (passes == null) {
      passes = new RankPass(plan, communicator, this::copyBetweenHosts);
    }
    return passes;
  }

  /**
   * Next to nothing, from each rank to each. All ranks call it.
   *
   * @return seconds that this rank took
   */
  double takeEmpty() {
    direct.all("a round's begin", true);
    long begin = System.nanoTime();
    direct.all("nothing else", true);
    return (System.nanoTime() - begin) * 1e-9;
  }

  /**
   * Exchanges until the first rank's time is up, and compares each result with what one rank alone
   * comes to. All ranks call it.
   *
   * @return exchanges
   */
  int takeFor(double seconds) {
    long begin = System.nanoTime();
    int count = 0;
    boolean goesOn = true;
    while (goesOn) {
      exchange(byHost, sums());
      requireSum("exchange " + count);
      count++;
      boolean isTimeLeft = rank != 0 || (System.nanoTime() - begin) * 1e-9 < seconds;
      goesOn = direct.all("whether time is left", isTimeLeft);
    }
    return count;
  }

  private void requireSum(String what) {
    if (!Arrays.equals(vector, expected)) {
      throw BellowsException.infrastructure(
          "%s of rank %d gave other bits than one rank alone".formatted(what, rank));
    }
  }

  private void exchange(ShardedVector sharded, Map<Node, float[]> sums) {
    float[] owned = sharded.reduceScatter("a round", sums);
    sharded.owned().write(owned, vector);
    sharded.allGatherInPlace("a round", vector);
  }

  /** Through plain sockets between the first ranks of the hosts, so many bytes to each. */
  private void copyBetweenHosts(long bytes) {
    List<Integer> firsts = IntStream.range(0, plan.hosts()).mapToObj(plan::first).toList();
    if (firsts.contains(rank)) {
      copy.swap(bytes, firsts::contains);
    }
  }

  private void sendToFirst() {
    int senders = plan.allRanks() - plan.ranks().get(0);
    List<BufferRegion> part = List.of(new BufferRegion(vector, 0, plan.floats() / senders));
    communicator.exchange(
        "incast",
        other -> other == 0 && isElsewhere(rank) ? part : List.of(),
        other -> rank == 0 && isElsewhere(other) ? part : List.of());
  }

  private boolean isElsewhere(int other) {
    return other >= plan.ranks().get(0);
  }

  private Map<Node, float[]> sums() {
    return Map.of(new Node(rank, rank + 1), lane);
  }

  private float[] expected() {
    return LaneTree.sum(
        LaneTree.root(plan.allRanks()),
        node -> node.isLeaf() ? ofLane(node.from()) : null,
        (left, right) -> {
          for (int i = 0; i < left.length; i++) {
            left[i] += right[i];
          }
          return left;
        });
  }

  /** Numbers whose sums depend on the order. */
  private float[] ofLane(int lane) {
    SplittableRandom random = new SplittableRandom(lane);
    float[] numbers = new float[plan.floats()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (random.nextDouble() - 0.5);
    }
    return numbers;
  }

  @Override
  public void close() {
    rendezvous.close();
    copy.close();
    if (passes != null) {
      passes.close();
    }
    if (communicator != null) {
      communicator.close();
    }
  }
}
