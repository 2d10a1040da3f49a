// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which ranks share a host, and so reach each other without a network: consecutive ranks, hosts
 * numbered from 0 in the order of their ranks.
 */
public final class Hosts {
  /** Of each host the first rank, and then the number of ranks. */
  private final List<Integer> boundaries;

  private Hosts(List<Integer> boundaries) {
    this.boundaries = List.copyOf(boundaries);
  }

  /**
   * Neighbours with the same name share a host. Ranks with the same name that are not neighbours do
   * not: their lanes are not neighbours in the lane tree either.
   *
   * @param names by rank
   */
  public static Hosts ofNames(List<String> names) {
    List<Integer> boundaries = new ArrayList<>();
    for (int rank = 0; rank < names.size(); rank++) {
      if (rank == 0 || !names.get(rank).equals(names.get(rank - 1))) {
        boundaries.add(rank);
      }
    }
    boundaries.add(names.size());
    return new Hosts(boundaries);
  }

  /** Each rank is on a host of its own. */
  public static Hosts apart(int ranks) {
    return of(ranks, 1);
  }

  /** All ranks share one host. */
  public static Hosts together(int ranks) {
    return of(ranks, ranks);
  }

  /** Hosts with as many ranks each; the last one may have fewer. */
  public static Hosts of(int ranks, int ranksOfHost) {
    return ofNames(
        IntStream.range(0, ranks).mapToObj(rank -> Integer.toString(rank / ranksOfHost)).toList());
  }

  /** Number of hosts. */
  public int count() {
    return boundaries.size() - 1;
  }

  /** A host's first rank; of the host after the last, the number of ranks. */
  public int first(int host) {
    return boundaries.get(host);
  }

  /** Number of ranks of a host. */
  public int size(int host) {
    return first(host + 1) - first(host);
  }

  /** The host of a rank. */
  public int of(int rank) {
    int host = 0;
    while (first(host + 1) <= rank) {
      host++;
    }
    return host;
  }
}
