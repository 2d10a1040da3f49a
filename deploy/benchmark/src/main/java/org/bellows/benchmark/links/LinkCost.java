// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import org.bellows.worker.collective.Hosts;
import org.bellows.worker.collective.reduce.SentFloats;
import org.bellows.worker.collective.reduce.Sharding;

/**
 * What an exchange needs of the network and of the processors, which here all ranks share.
 *
 * @param wireSeconds of the busiest cable at its own rate
 * @param delaySeconds of the messages that wait for one another
 * @param messages of all ranks together
 * @param bytes that all ranks send
 */
record LinkCost(double wireSeconds, double delaySeconds, double messages, double bytes) {
  /** Reduce-scatter and all-gather. */
  private static final int HALVES = 2;

  static LinkCost of(LinkPlan plan, ExchangeKind kind) {
    double delay = plan.link().delayMilliseconds() * 1e-3;
    return switch (kind) {
      case DIRECT -> ofSharding(plan, kind, Hosts.apart(plan.allRanks()), delay);
      case BY_HOST -> ofSharding(plan, kind, plan.placement(), delay);
      case HALVING -> ofHalving(plan, kind, delay);
      case COPY, HOST_COPY, INCAST ->
          throw new IllegalArgumentException("not an exchange: " + kind);
    };
  }

  private static LinkCost ofSharding(LinkPlan plan, ExchangeKind kind, Hosts hosts, double delay) {
    Sharding sharding = plan.sharding();
    double messages = 0;
    double floats = 0;
    for (int rank = 0; rank < plan.allRanks(); rank++) {
      messages += HALVES * SentFloats.ofVote(sharding, hosts, rank).total();
      floats += SentFloats.ofSums(sharding, hosts, rank).total();
      floats += SentFloats.ofSlices(sharding, hosts, rank).total();
    }
    return new LinkCost(
        plan.link().seconds(kind.bytes(plan)), HALVES * delay, messages, floats * Float.BYTES);
  }

  private static LinkCost ofHalving(LinkPlan plan, ExchangeKind kind, double delay) {
    int ranks = plan.allRanks();
    Hosts hosts = plan.placement();
    int rounds = 0;
    int far = 0;
    for (int bit = 1; bit < ranks; bit *= 2) {
      rounds++;
      far += hosts.of(0) == hosts.of(bit) ? 0 : 1;
    }
    return new LinkCost(
        plan.link().seconds(kind.bytes(plan)),
        HALVES * far * delay,
        (double) HALVES * ranks * rounds,
        (double) HALVES * (ranks - 1) * plan.floats() * Float.BYTES);
  }

  double[] terms() {
    return new double[] {wireSeconds, delaySeconds, messages, bytes};
  }
}
