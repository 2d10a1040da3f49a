// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bellows.worker.collective.Hosts;
import org.bellows.worker.collective.reduce.Sharding;

/**
 * What is measured for a row.
 *
 * @param ranks by host
 * @param floats of the vector that is exchanged
 * @param rounds that medians are taken of
 * @param timeoutSeconds longest time that a rank waits for another one that sends nothing
 * @param network whose passes are computed beside; empty: none
 * @param samples of its lane batch
 * @param replayFactor passes are slept through, so many times as long as one that was computed; 0:
 *     they are computed
 */
record LinkPlan(
    List<Integer> ranks,
    int floats,
    int rounds,
    int timeoutSeconds,
    Link link,
    String network,
    int samples,
    double replayFactor) {

  /** The exchange alone. */
  static LinkPlan ofExchange(
      List<Integer> ranks, int floats, int rounds, int timeoutSeconds, Link link) {
    return new LinkPlan(ranks, floats, rounds, timeoutSeconds, link, "", 0, 0);
  }

  /** Slices begin at multiples of it, as they do in training. */
  private static final int BLOCK_FLOATS = 1024;

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

  /** A lane for each rank. */
  Sharding sharding() {
    return new Sharding(floats, allRanks(), allRanks(), BLOCK_FLOATS, List.of());
  }

  Hosts placement() {
    List<String> names = new ArrayList<>();
    for (int host = 0; host < hosts(); host++) {
      names.addAll(Collections.nCopies(ranks.get(host), "host " + host));
    }
    return Hosts.ofNames(names);
  }
}
