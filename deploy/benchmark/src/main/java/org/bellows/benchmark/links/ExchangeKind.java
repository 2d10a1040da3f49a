// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bellows.worker.collective.Hosts;
import org.bellows.worker.collective.reduce.SentFloats;
import org.bellows.worker.collective.reduce.Sharding;

/** What the ranks do in a round. */
enum ExchangeKind {
  /** Reduce-scatter and all-gather of the vector, as if each rank were on a host of its own. */
  DIRECT,

  /** Likewise as in training: ranks of one host first add up among themselves. */
  BY_HOST,

  /** Recursive halving and doubling in the order of the lane tree, for a power of two of ranks. */
  HALVING,

  /** The bytes of the direct exchange between the same ranks through plain sockets. */
  COPY,

  /**
   * Through plain sockets between the first ranks of the hosts: each sends each other its share of
   * two vectors, which is the least that an exchange of gradients and parameters takes.
   */
  HOST_COPY,

  /** One vector in equal parts to the first rank, from all that are on other hosts. */
  INCAST;

  /** Bytes that the busiest cable carries in one direction, without headers. */
  double bytes(LinkPlan plan) {
    double vector = (double) Float.BYTES * plan.floats();
    return switch (this) {
      case DIRECT, COPY ->
          plan.ranks().stream()
              .mapToDouble(here -> 2.0 * here * (plan.allRanks() - here) / plan.allRanks() * vector)
              .max()
              .orElseThrow();
      case BY_HOST -> Float.BYTES * (double) floatsOfBusiestHost(plan);
      case HALVING -> halvingBytes(plan);
      case HOST_COPY -> 2 * vector * (plan.hosts() - 1) / plan.hosts();
      case INCAST -> vector;
    };
  }

  /** Twice, in each round whose partner is on another host, half of what was left. */
  private static double halvingBytes(LinkPlan plan) {
    Hosts hosts = plan.placement();
    double most = 0;
    for (int host = 0; host < hosts.count(); host++) {
      double bytes = 0;
      for (int rank = hosts.first(host); rank < hosts.first(host + 1); rank++) {
        double left = (double) Float.BYTES * plan.floats();
        for (int bit = 1; bit < plan.allRanks(); bit *= 2) {
          left /= 2;
          bytes += hosts.of(rank ^ bit) == host ? 0 : 2 * left;
        }
      }
      most = Math.max(most, bytes);
    }
    return most;
  }

  /** Those that so many ranks on these hosts can do. */
  static List<ExchangeKind> of(LinkPlan plan) {
    return Arrays.stream(values())
        .filter(kind -> kind != HALVING || TreeHalving.isPossible(plan.allRanks()))
        .toList();
  }

  private static long floatsOfBusiestHost(LinkPlan plan) {
    Sharding sharding = plan.sharding();
    Hosts hosts = plan.placement();
    long most = 0;
    for (int host = 0; host < plan.hosts(); host++) {
      long floats = 0;
      for (int rank = hosts.first(host); rank < hosts.first(host + 1); rank++) {
        floats += SentFloats.ofSums(sharding, hosts, rank).elsewhere();
        floats += SentFloats.ofSlices(sharding, hosts, rank).elsewhere();
      }
      most = Math.max(most, floats);
    }
    return most;
  }

  /** Whether all ranks have the sum over all lanes afterwards. */
  boolean isExchange() {
    return this == DIRECT || this == BY_HOST || this == HALVING;
  }

  /** As a word. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
