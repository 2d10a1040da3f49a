// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.List;

/**
 * What is measured for a row.
 *
 * @param ranks by host
 * @param floats of the vector that is exchanged
 * @param rounds that medians are taken of
 * @param timeoutSeconds longest time that a rank waits for another one that sends nothing
 */
record LinkPlan(List<Integer> ranks, int floats, int rounds, int timeoutSeconds, Link link) {

  int hosts() {
    return ranks.size();
  }

  int allRanks() {
    return ranks.stream().mapToInt(Integer::intValue).sum();
  }

  /** The first rank of a host. */
  int first(int host) {
    return ranks.subList(0, host).stream().mapToInt(Integer::intValue).sum();
  }
}
