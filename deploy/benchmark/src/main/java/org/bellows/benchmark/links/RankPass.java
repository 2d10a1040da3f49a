// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.ShardedVector;
import org.bellows.worker.collective.reduce.Sharding;
import org.bellows.worker.collective.reduce.SumStream;
import org.bellows.worker.engine.GradientSums.VectorProgress;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.network.RandomBatch;

/**
 * Passes of a network on one rank, which has one lane, and the exchange of the gradient's sums
 * after them or meanwhile. Passes are computed or, from {@link #record} on, slept through.
 */
final class RankPass implements AutoCloseable {
  private static final int CLASSES = 1000;
  static final int BLOCK_FLOATS = 1024;
  private static final VectorProgress SILENT = (gradient, from) -> {};
  private static final int RECORDED_PASSES = 3;

  private final LaneNetwork network;
  private final RandomBatch batch;
  private final ShardedVector whole;
  private final ShardedVector inBuckets;
  private final Communicator communicator;
  private final LongConsumer plainCopy;
  private final long copiedBytes;
  private final int length;

  /** Of the last pass. */
  private PassMoments last;

  /** Null: passes are computed. */
  private PassMoments replayed;

  /** What a replayed pass comes to; null where passes are computed. */
  private StepVector recorded;

  /** Of a plan's network. */
  static NetworkGraph graph(LinkPlan plan) {
    NetworkDefinition network = NetworkRegistry.standard().get(plan.network());
    return network.graph(network.usualInput(), CLASSES);
  }

  /**
   * @param plainCopy sends so many bytes to each other host, and receives as many
   */
  RankPass(LinkPlan plan, Communicator communicator, LongConsumer plainCopy) {
    NetworkDefinition definition = NetworkRegistry.standard().get(plan.network());
    this.network = new LaneNetwork(definition, definition.usualInput(), CLASSES, 1);
    this.batch = RandomBatch.of(network.graph(), CLASSES, plan.samples());
    this.communicator = communicator;
    this.length = network.layout().length();
    this.plainCopy = plainCopy;
    this.copiedBytes = (long) Float.BYTES * StepVector.length(length) / plan.hosts();
    int ranks = communicator.size();
    Sharding sharding =
        new Sharding(StepVector.length(length), ranks, ranks, BLOCK_FLOATS, List.of());
    this.whole = new ShardedVector(communicator, sharding);
    this.inBuckets = new ShardedVector(communicator, sharding.inBuckets());
  }

  /**
   * A round, which begins on all ranks at the same time. All ranks call it.
   *
   * @return seconds that this rank took
   */
  double take(PassKind kind) {
    whole.all("a round's begin", true);
    long begin = System.nanoTime();
    StepVector gradient =
        switch (kind) {
          case PASS -> pass(SILENT);
          case THEN_SEND -> {
            StepVector computed = pass(SILENT);
            whole.reduceScatter("a round", sums(computed));
            yield computed;
          }
          case THEN_BUCKETS -> {
            StepVector computed = pass(SILENT);
            inBuckets.reduceScatter("a round", sums(computed));
            yield computed;
          }
          case THEN_COPY -> {
            StepVector computed = pass(SILENT);
            plainCopy.accept(copiedBytes);
            yield computed;
          }
          case OVERLAPPED -> overlapped();
        };
    double seconds = (System.nanoTime() - begin) * 1e-9;
    whole.all("a round's end", true);
    recycle(gradient);
    return seconds;
  }

  /** As {@link PassMoments#coverSeconds}, of this rank's last pass. */
  double coverSeconds() {
    return last.coverSeconds(length);
  }

  /**
   * From now on passes are slept through: as the first rank's fastest of some, by its processor
   * time, which it computes now, while no other rank computes. All ranks call it.
   *
   * @param factor by which a replayed pass is longer than that one; more than 0
   */
  void record(double factor) {
    recorded = pass(SILENT);
    whole.all("a pass of each rank", true);
    PassMoments fastest = last;
    for (int i = 0; i < RECORDED_PASSES && communicator.rank() == 0; i++) {
      PassMoments moments = PassMoments.byTheProcessor();
      network.recycle(computed(moments.noting(SILENT)));
      fastest = i == 0 || moments.seconds() < fastest.seconds() ? moments : fastest;
    }
    float[] seconds = fastest.allSeconds();
    List<BufferRegion> all = List.of(new BufferRegion(seconds, 0, seconds.length));
    communicator.exchange(
        "the moments of a pass",
        other -> communicator.rank() == 0 ? all : List.of(),
        other -> other == 0 ? all : List.of());
    replayed = fastest.at(seconds, factor);
  }

  private StepVector pass(VectorProgress progress) {
    last = PassMoments.byTheWall();
    VectorProgress noting = last.noting(progress);
    if (replayed == null) {
      return computed(noting);
    }
    replayed.replay(recorded, noting);
    return recorded;
  }

  private StepVector computed(VectorProgress progress) {
    return network.ofLane(batch.pixels(), batch.targets(), 1, progress);
  }

  private void recycle(StepVector gradient) {
    if (gradient != recorded) {
      network.recycle(gradient);
    }
  }

  private StepVector overlapped() {
    SumStream stream = inBuckets.stream("a round");
    StepVector computed =
        pass((gradient, from) -> stream.isFinal(sums(gradient), inBuckets.firstBucketFrom(from)));
    stream.finish(sums(computed), true, false);
    return computed;
  }

  private Map<Node, float[]> sums(StepVector gradient) {
    return new HashMap<>(
        Map.of(new Node(communicator.rank(), communicator.rank() + 1), gradient.floats()));
  }

  /** Whether both ways of sending come to the same sums. All ranks call it. */
  boolean sumsAgree() {
    StepVector gradient = pass(SILENT);
    float[] expected = gathered(whole, whole.reduceScatter("a sum", sums(gradient)));
    float[] actual = gathered(inBuckets, inBuckets.reduceScatter("a sum", sums(gradient)));
    recycle(gradient);
    return Arrays.equals(expected, actual);
  }

  private static float[] gathered(ShardedVector sharded, float[] owned) {
    int length = sharded.firstBucketFrom(Integer.MAX_VALUE);
    float[] vector = new float[length];
    sharded.owned().write(owned, vector);
    sharded.allGatherInPlace("a sum", vector);
    return vector;
  }

  @Override
  public void close() {
    network.close();
  }
}
