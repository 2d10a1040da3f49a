// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train.cost;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.collective.Hosts;
import org.bellows.worker.collective.reduce.EvenPartition;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneTree;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.SentFloats;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.train.update.ParameterNorms;
import org.bellows.worker.train.update.StateArrays;

/**
 * The costs of keeping the ranks together in memory, traffic and checkpoints, by {@code sync.mode}.
 * Follows from the settings alone.
 */
public abstract class SynchronisationCosts {
  /** {@code collective.transport.Peer} has as much for each direction. */
  private static final long CONNECTION_BUFFER = 1 << 18;

  private final TrainingSettings settings;
  private final NetworkGraph network;
  private final int executors;
  private final int stateArrays;

  SynchronisationCosts(TrainingSettings settings, int executors, NetworkGraph network) {
    this.settings = settings;
    this.network = network;
    this.executors = executors;
    this.stateArrays = StateArrays.of(settings).count();
  }

  /** Empty where no rank of ours trains: what dl4j-spark costs is not known here. */
  public static Optional<SynchronisationCosts> of(
      TrainingSettings settings, int executors, NetworkGraph network) {
    return switch (settings.sync().mode()) {
      case EVERY_STEP -> Optional.of(new SynchronousSgdCosts(settings, executors, network));
      case AVERAGING -> Optional.of(new ParameterAveragingCosts(settings, executors, network));
      case DL4J_SPARK -> Optional.empty();
    };
  }

  /** Bytes of Java's arrays by what they are for, of the executor that needs most. */
  public abstract Map<String, Long> heap();

  /** What a rank sends from one exchange of all to the next. */
  abstract SentFloats sent(FlatLayout layout, Hosts hosts, int rank);

  /**
   * How many parts gradients leave in while the backward pass still runs, where each executor is on
   * a host of its own; 1: they leave when it has ended.
   */
  public int buckets() {
    return 1;
  }

  /**
   * Bytes that the busiest executor sends from one exchange of all ranks to the next, with each on
   * a host of its own, without the frames' headers; empty where the parameters are more than an
   * array holds.
   */
  public OptionalLong sentBytes() {
    return busiest(Hosts.apart(executors));
  }

  /**
   * Likewise, bytes that leave the busiest host.
   *
   * @param executorsOfHost how many share one
   */
  public OptionalLong sentBytesOfHost(int executorsOfHost) {
    return busiest(Hosts.of(executors, executorsOfHost));
  }

  private OptionalLong busiest(Hosts hosts) {
    if (vector() / Float.BYTES > Integer.MAX_VALUE) {
      return OptionalLong.empty();
    }
    FlatLayout layout = FlatLayout.of(network);
    return IntStream.range(0, hosts.count())
        .mapToLong(
            host ->
                IntStream.range(hosts.first(host), hosts.first(host + 1))
                    .mapToLong(rank -> Float.BYTES * sent(layout, hosts, rank).elsewhere())
                    .sum())
        .max();
  }

  /** Arrays of one float a parameter that an update keeps and a checkpoint holds. */
  final int stateArrays() {
    return stateArrays;
  }

  /** Bytes of a checkpoint's arrays. */
  public long checkpointBytes() {
    return Float.BYTES * network.parameters() * (1L + stateArrays);
  }

  final NetworkGraph network() {
    return network;
  }

  final TrainingSettings settings() {
    return settings;
  }

  final int executors() {
    return executors;
  }

  /** Bytes of the parameters and the loss. */
  final long vector() {
    return StepVector.bytes(network.parameters());
  }

  /** Bytes of the most that a rank owns: of each bucket a slice of whole blocks. */
  final long slice() {
    return vector() / executors + (long) Float.BYTES * ParameterNorms.BLOCK_FLOATS * buckets();
  }

  final IndexRange hosted(int rank) {
    return EvenPartition.of(settings.train().lanes(), rank, executors);
  }

  final List<Node> nodes(int rank) {
    IndexRange hosted = hosted(rank);
    return LaneTree.cover(settings.train().lanes(), hosted.from(), hosted.to());
  }

  final int allNodes() {
    return IntStream.range(0, executors).map(rank -> nodes(rank).size()).sum();
  }

  /**
   * Bytes of the connections' buffers: outside the heap, or in it where they are encrypted, and
   * their records beside them.
   */
  public final long connections() {
    return 4 * CONNECTION_BUFFER * (executors - 1);
  }
}
