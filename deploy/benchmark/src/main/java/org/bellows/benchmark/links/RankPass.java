// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.ShardedVector;
import org.bellows.worker.collective.reduce.Sharding;
import org.bellows.worker.collective.reduce.SumStream;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.network.RandomBatch;

/**
 * Passes of a network on one rank, which has one lane, and the exchange of the gradient's sums
 * after them or meanwhile.
 */
final class RankPass implements AutoCloseable {
  static final int CLASSES = 1000;
  private static final int BLOCK_FLOATS = 1024;

  private final LaneNetwork network;
  private final RandomBatch batch;
  private final ShardedVector whole;
  private final ShardedVector inBuckets;
  private final int rank;

  RankPass(LinkPlan plan, Communicator communicator) {
    NetworkDefinition definition = NetworkRegistry.standard().get(plan.network());
    this.network = new LaneNetwork(definition, definition.usualInput(), CLASSES, 1);
    this.batch = RandomBatch.of(network.graph(), CLASSES, plan.samples());
    this.rank = communicator.rank();
    int length = StepVector.length(network.layout().length());
    int ranks = communicator.size();
    Sharding sharding = new Sharding(length, ranks, ranks, BLOCK_FLOATS, List.of());
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
          case PASS -> pass();
          case THEN_SEND -> {
            StepVector computed = pass();
            whole.reduceScatter("a round", sums(computed));
            yield computed;
          }
          case OVERLAPPED -> overlapped();
        };
    double seconds = (System.nanoTime() - begin) * 1e-9;
    whole.all("a round's end", true);
    network.recycle(gradient);
    return seconds;
  }

  private StepVector pass() {
    return network.take(network.ofLane(batch.pixels(), batch.targets(), 1));
  }

  private StepVector overlapped() {
    SumStream stream = inBuckets.stream("a round");
    StepVector computed =
        network.ofLane(
            batch.pixels(),
            batch.targets(),
            1,
            (gradient, from) -> stream.isFinal(sums(gradient), inBuckets.firstBucketFrom(from)));
    stream.finish(sums(computed), true, false);
    return computed;
  }

  private Map<Node, float[]> sums(StepVector gradient) {
    return new HashMap<>(Map.of(new Node(rank, rank + 1), gradient.floats()));
  }

  /** Whether both ways of sending come to the same sums. All ranks call it. */
  boolean sumsAgree() {
    StepVector gradient = pass();
    float[] expected = gathered(whole, whole.reduceScatter("a sum", sums(gradient)));
    float[] actual = gathered(inBuckets, inBuckets.reduceScatter("a sum", sums(gradient)));
    network.recycle(gradient);
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
