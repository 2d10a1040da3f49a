// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train.cost;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.collective.Hosts;
import org.bellows.worker.collective.reduce.LaneReduction;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.SentFloats;
import org.bellows.worker.collective.reduce.Sharding;
import org.bellows.worker.train.OverlapRule;
import org.bellows.worker.train.SynchronousSgd;
import org.bellows.worker.train.update.ParameterNorms;
import org.bellows.worker.train.update.SliceUpdate;

/** The costs of {@link SynchronousSgd}. */
final class SynchronousSgdCosts extends SynchronisationCosts {
  private final OverlapRule overlap;

  SynchronousSgdCosts(TrainingSettings settings, int executors, NetworkGraph network) {
    super(settings, executors, network);
    this.overlap = OverlapRule.of(settings);
  }

  private boolean isRounding() {
    return settings().sync().communicationDtype() == Settings.CommunicationDtype.FLOAT16;
  }

  @Override
  public Map<String, Long> heap() {
    Map<String, Long> heap = new LinkedHashMap<>();
    heap.put("parameters", 2 * vector());
    heap.put("gradients", vector() * gradientVectors());
    heap.put("exchange", exchange());
    heap.put("optimizer state", stateArrays() * slice());
    if (isSharpnessAware()) {
      heap.put("moved parameters", vector() + slice());
    }
    heap.put("checkpoint", (2L * stateArrays() + 1) * vector());
    return heap;
  }

  /**
   * Those of the sums that are done, of the branch of the tree that is being added up, and of lanes
   * that were computed with one of that branch.
   */
  private int gradientVectors() {
    int most = 0;
    for (int rank = 0; rank < executors(); rank++) {
      List<Node> nodes = nodes(rank);
      for (int done = 0; done < nodes.size(); done++) {
        int lanes = nodes.get(done).to() - nodes.get(done).from();
        int depth = Integer.SIZE - Integer.numberOfLeadingZeros(lanes - 1);
        most = Math.max(most, done + depth + 1);
      }
    }
    return most + lanesInWork() - 1;
  }

  private boolean lanesMeet() {
    return settings().train().batchNormMoments() == TrainSettings.BatchNormMoments.GLOBAL_BATCH;
  }

  private int lanesInWork() {
    int hosted = hosted(executors() - 1).length();
    return lanesMeet() ? hosted : Math.min(settings().lanesAtOnce(), hosted);
  }

  @Override
  public int buckets() {
    return vector() / Float.BYTES > Integer.MAX_VALUE
        ? 1
        : SynchronousSgd.sharding(overlap, FlatLayout.of(network()), Hosts.apart(executors()))
            .buckets();
  }

  /** Bytes of the data that arrive from other ranks, and of the connections to them. */
  private long exchange() {
    if (executors() == 1) {
      return 0;
    }
    int nodes = allNodes();
    // Rounded, own ones too; packed, half as long each, what comes and what this rank sends.
    long arriving = isRounding() ? nodes : nodes - 1;
    // Of several buckets the sums of what is owned are brought together.
    long sums = overlap.overlaps(Hosts.apart(executors())) ? slice() : 0;
    long packed = isRounding() ? nodes * slice() / 2 + mostNodes() * vector() / 2 : 0;
    return arriving * slice() + sums + packed + connections();
  }

  private long mostNodes() {
    return IntStream.range(0, executors()).map(rank -> nodes(rank).size()).max().orElse(0);
  }

  /**
   * The sums of the others' slices, with a float that says whether all is finite, and the own
   * slice; the norms of arrays where an update needs them; moments and slopes where lanes meet.
   */
  @Override
  SentFloats sent(FlatLayout layout, Hosts hosts, int rank) {
    Sharding sharding = SynchronousSgd.sharding(overlap, layout, hosts);
    int gradients = isSharpnessAware() ? 2 : 1;
    long exchangesOfNorms =
        SliceUpdate.exchangesOfNorms(settings().optimizer()) + (long) gradients - 1;
    long toEach = exchangesOfNorms * ParameterNorms.floats(layout, sharding.owned(rank));
    if (lanesMeet()) {
      toEach += gradients * ofMeetings(rank);
    }
    SentFloats sent = SentFloats.toEach(toEach, hosts, rank);
    for (int gradient = 0; gradient < gradients; gradient++) {
      sent =
          sent.plus(SentFloats.ofSums(sharding, hosts, rank))
              .plus(SentFloats.ofSlices(sharding, hosts, rank))
              .plus(SentFloats.ofVote(sharding, hosts, rank));
    }
    return sent;
  }

  private boolean isSharpnessAware() {
    return settings().optimizer().sharpnessRadius() > 0;
  }

  /** Each norm has the lanes meet in the forward pass and in the backward one. */
  private long ofMeetings(int rank) {
    return network().vertices().stream()
        .filter(vertex -> vertex.layer() instanceof BatchNorm norm && !norm.isFrozen())
        .mapToLong(
            vertex ->
                2
                    * LaneReduction.sentFloats(
                        settings().train().lanes(),
                        rank,
                        executors(),
                        1 + 2 * vertex.shape().channels()))
        .sum();
  }
}
