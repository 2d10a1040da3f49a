// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.List;
import java.util.stream.IntStream;
import org.bellows.worker.collective.Hosts;
import org.bellows.worker.collective.reduce.LaneTree.Node;

/**
 * Which rank sends what to which, so that each sum goes to another host once. A host adds up the
 * nodes of the lane tree that its ranks host together. For each owner of a slice on another host
 * one rank of the host does that, and sends the owner the sums: the host's delegate to the owner.
 * New values of the slice take the same ways back.
 */
final class HostSharding {
  private final Sharding sharding;
  private final Hosts hosts;

  HostSharding(Sharding sharding, Hosts hosts) {
    this.sharding = sharding;
    this.hosts = hosts;
  }

  /** The fewest nodes that make up all lanes of a host, in lane order. */
  List<Node> nodesOfHost(int host) {
    int from = sharding.hosted(hosts.first(host)).from();
    int to = sharding.hosted(hosts.first(host + 1) - 1).to();
    return LaneTree.cover(sharding.lanes(), from, to);
  }

  /** Whether two ranks, not the same, share a host. */
  boolean isTogether(int rank, int other) {
    return hosts.of(rank) == hosts.of(other);
  }

  /** The other ranks of a rank's host. */
  List<Integer> neighbours(int rank) {
    int host = hosts.of(rank);
    return IntStream.range(hosts.first(host), hosts.first(host + 1))
        .filter(other -> other != rank)
        .boxed()
        .toList();
  }

  /** The rank of a host that deals with an owner on another one. */
  int delegate(int host, int owner) {
    int place = owner - hosts.first(hosts.of(owner));
    return hosts.first(host) + place % hosts.size(host);
  }

  /** The owners on other hosts that a rank deals with, in order. */
  List<Integer> owners(int rank) {
    return IntStream.range(0, hosts.first(hosts.count()))
        .filter(owner -> !isTogether(rank, owner) && deals(rank, owner))
        .boxed()
        .toList();
  }

  /** Whether the first is the delegate of its host to the second, an owner on another one. */
  boolean deals(int dealer, int owner) {
    return delegate(hosts.of(dealer), owner) == dealer;
  }

  /** Whether two ranks on different hosts swap anything. */
  boolean arePartners(int rank, int other) {
    return !isTogether(rank, other) && (deals(rank, other) || deals(other, rank));
  }

  /** Whether no rank has a neighbour on its host. */
  boolean isApart() {
    return hosts.count() == hosts.first(hosts.count());
  }

  /** Whether all ranks are on one host. */
  boolean isOneHost() {
    return hosts.count() == 1;
  }
}
