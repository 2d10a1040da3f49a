// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.Locale;

/** What the ranks do in a round. */
enum ExchangeKind {
  /** Reduce-scatter and all-gather of the vector, every rank with every other. */
  DIRECT,

  /** The same bytes between the same ranks through plain sockets. */
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
    double most = 0;
    for (int here : plan.ranks()) {
      double share =
          switch (this) {
            case DIRECT, COPY -> 2.0 * here * (plan.allRanks() - here) / plan.allRanks();
            case HOST_COPY -> 2.0 * (plan.hosts() - 1) / plan.hosts();
            case INCAST -> 1;
          };
      most = Math.max(most, share * vector);
    }
    return most;
  }

  /** As a word. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
