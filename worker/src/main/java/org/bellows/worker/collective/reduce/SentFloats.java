// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import org.bellows.worker.collective.Hosts;

/**
 * How many floats a rank sends, without the frames' headers.
 *
 * @param here to others of its host
 * @param elsewhere to other hosts
 */
public record SentFloats(long here, long elsewhere) {

  /** The sums of a vector, to the owners of its slices. */
  public static SentFloats ofSums(Sharding sharding, Hosts hosts, int rank) {
    HostSharding ways = new HostSharding(sharding, hosts);
    long slicesHere = 0;
    for (int neighbour : ways.neighbours(rank)) {
      slicesHere += slices(sharding, ways, neighbour);
    }
    long slicesElsewhere = 0;
    for (int owner : ways.owners(rank)) {
      slicesElsewhere += sharding.packed(owner);
    }
    return new SentFloats(
        sharding.nodes(rank).size() * slicesHere,
        ways.nodesOfHost(hosts.of(rank)).size() * slicesElsewhere);
  }

  /** New values of the slice that a rank owns, which all others get, and of those it passes on. */
  public static SentFloats ofSlices(Sharding sharding, Hosts hosts, int rank) {
    HostSharding ways = new HostSharding(sharding, hosts);
    return new SentFloats(
        ways.neighbours(rank).size() * slices(sharding, ways, rank),
        (hosts.count() - 1L) * sharding.packed(rank));
  }

  /** What each rank says of itself with its sums. */
  public static SentFloats ofVote(Sharding sharding, Hosts hosts, int rank) {
    HostSharding ways = new HostSharding(sharding, hosts);
    long partners = 0;
    for (int other = 0; other < sharding.ranks(); other++) {
      partners += ways.arePartners(rank, other) ? 1 : 0;
    }
    return new SentFloats(ways.neighbours(rank).size(), partners);
  }

  /** The same to each other rank. */
  public static SentFloats toEach(long floats, Hosts hosts, int rank) {
    int here = hosts.size(hosts.of(rank));
    int ranks = hosts.first(hosts.count());
    return new SentFloats(floats * (here - 1), floats * (ranks - here));
  }

  /** Of the slice that a rank owns and of those that it deals with. */
  private static long slices(Sharding sharding, HostSharding ways, int rank) {
    long length = sharding.owned(rank).length();
    for (int owner : ways.owners(rank)) {
      length += sharding.owned(owner).length();
    }
    return length;
  }

  /** Both together. */
  public SentFloats plus(SentFloats other) {
    return new SentFloats(here + other.here, elsewhere + other.elsewhere);
  }

  /** So many times. */
  public SentFloats times(long count) {
    return new SentFloats(here * count, elsewhere * count);
  }

  /** To whomever. */
  public long total() {
    return here + elsewhere;
  }
}
