// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train.cost;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.collective.Hosts;
import org.bellows.worker.collective.reduce.SentFloats;
import org.bellows.worker.collective.reduce.Sharding;
import org.bellows.worker.train.ParameterAveraging;

/** The costs of {@link ParameterAveraging}: each lane has parameters and optimizer state. */
final class ParameterAveragingCosts extends SynchronisationCosts {
  ParameterAveragingCosts(TrainingSettings settings, int executors, NetworkGraph network) {
    super(settings, executors, network);
  }

  /** The sums are taken in the lanes' own places. */
  @Override
  public Map<String, Long> heap() {
    Map<String, Long> heap = new LinkedHashMap<>();
    heap.put("parameters", 2 * vector() * mostLanes());
    heap.put("gradients", vector() * settings().lanesAtOnce());
    heap.put("exchange", exchange() + 2 * vector());
    heap.put("optimizer state", stateArrays() * vector() * mostLanes());
    heap.put("checkpoint", (2L * stateArrays() + 1) * vector());
    return heap;
  }

  private long mostLanes() {
    return IntStream.range(0, executors()).map(rank -> hosted(rank).length()).max().orElse(0);
  }

  /** Bytes of the data that arrive from other ranks, and of the connections to them. */
  private long exchange() {
    return executors() == 1 ? 0 : (allNodes() - 1) * slice() + connections();
  }

  /** The sums and means of parameters and state; loss and finding of each lane's steps; a vote. */
  @Override
  SentFloats sent(FlatLayout layout, Hosts hosts, int rank) {
    Sharding sharding = ParameterAveraging.sharding(settings(), layout, executors());
    long arrays = 1L + stateArrays();
    long losses =
        (long) ParameterAveraging.VALUES
            * settings().sync().stepsBetweenExchanges()
            * hosted(rank).length();
    return SentFloats.ofSums(sharding, hosts, rank)
        .plus(SentFloats.ofSlices(sharding, hosts, rank))
        .times(arrays)
        .plus(SentFloats.toEach(losses + 1, hosts, rank));
  }
}
