// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.CompressedExchange.Piece;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneTree.Node;

/**
 * Brings the sums of a bucket to the owners of its slices, in two phases: between the ranks of one
 * host, and between hosts as {@link HostSharding} says. What is sent to other hosts is packed where
 * the vector is rounded; between ranks of one host it goes as it is, and is rounded where it is
 * added up. Every sum is added in the order of the lane tree, whoever adds it.
 */
final class SliceExchange {
  private final Communicator communicator;
  private final Sharding sharding;
  private final int bucket;
  private final HostSharding ways;
  private final int rank;
  private final IndexRange owned;
  private final TreeReducer sum;
  private final List<Deal> deals = new ArrayList<>();

  /** Null where nothing is rounded. */
  private final CompressedExchange rounded;

  /**
   * What this rank adds up for an owner on another host.
   *
   * @param sums by node of this rank's host
   */
  private record Deal(int owner, List<TreeReducer> sums) {
    BufferRegion arriving(Node node, boolean tells) {
      for (TreeReducer sum : sums) {
        if (sum.root().from() <= node.from() && node.to() <= sum.root().to()) {
          return sum.arriving(node, tells);
        }
      }
      throw new IllegalStateException(node + " is not of this host");
    }
  }

  /**
   * @param rounded null where nothing is rounded
   */
  SliceExchange(
      Communicator communicator, Sharding sharding, int bucket, CompressedExchange rounded) {
    this.communicator = communicator;
    this.sharding = sharding;
    this.bucket = bucket;
    this.rounded = rounded;
    this.ways = new HostSharding(sharding, communicator.hosts());
    this.rank = communicator.rank();
    this.owned = sharding.slice(rank, bucket);
    int here = communicator.hosts().of(rank);
    List<Node> others = new ArrayList<>(nodesOfNeighbours());
    for (int host = 0; host < communicator.hosts().count(); host++) {
      if (host != here) {
        others.addAll(ways.nodesOfHost(host));
      }
    }
    this.sum = reducer(LaneTree.root(sharding.lanes()), owned, others);
    for (int owner : ways.owners(rank)) {
      IndexRange slice = sharding.slice(owner, bucket);
      deals.add(
          new Deal(
              owner,
              ways.nodesOfHost(here).stream()
                  .map(node -> reducer(node, slice, nodesOfNeighbours()))
                  .toList()));
    }
  }

  private List<Node> nodesOfNeighbours() {
    return ways.neighbours(rank).stream().flatMap(other -> sharding.nodes(other).stream()).toList();
  }

  /** Of the nodes those that are below the root. */
  private TreeReducer reducer(Node root, IndexRange slice, List<Node> others) {
    return new TreeReducer(
        root,
        slice,
        below(root, sharding.nodes(rank)),
        below(root, others),
        sharding.multiple(),
        sharding.blocks());
  }

  private static List<Node> below(Node root, List<Node> nodes) {
    return nodes.stream()
        .filter(node -> root.from() <= node.from() && node.to() <= root.to())
        .toList();
  }

  /** This rank's slice of the bucket. */
  IndexRange owned() {
    return owned;
  }

  /**
   * Of the bucket only; other parts of the sums are not looked at.
   *
   * @param through the exchange, or what puts something behind each rank's pieces
   * @return the sum over all lanes of the owned slice, as {@link TreeReducer#finish} gives it; the
   *     vector itself where there is one rank
   */
  float[] reduceScatter(String what, Map<Node, float[]> sums, Communicator through) {
    if (communicator.size() == 1) {
      return sums.get(LaneTree.root(sharding.lanes()));
    }
    begin(what, sums, through);
    if (!ways.isOneHost()) {
      betweenHosts(what, through);
    }
    return sum.finish();
  }

  /** The first phase of {@link #reduceScatter}, of two ranks or more. */
  void begin(String what, Map<Node, float[]> sums, Communicator through) {
    sum.begin(sums);
    deals.forEach(deal -> deal.sums().forEach(one -> one.begin(sums)));
    if (!ways.isApart()) {
      through.exchange(
          what,
          other -> ways.isTogether(rank, other),
          other -> ofSlices(other, slice -> pieces(sums, slice)),
          this::arrivingHere);
    }
  }

  /** After {@link #begin}: sends what goes to other hosts. */
  void sendBetweenHosts(String what, Communicator through) {
    if (ways.isOneHost()) {
      return;
    }
    if (rounded == null) {
      through.send(what, this::isPartner, this::finishedFor);
    } else {
      rounded.send(what, through, this::isPartner, this::roundedFor);
    }
  }

  /**
   * After {@link #begin}, by whichever thread: receives what comes from other hosts.
   *
   * @return as {@link #reduceScatter}
   */
  float[] receiveBetweenHosts(String what, Communicator through) {
    if (!ways.isOneHost()) {
      if (rounded == null) {
        through.receive(what, this::isPartner, this::arrivingFromElsewhere);
      } else {
        rounded.receive(what, through, this::isPartner, this::roundedFromElsewhere);
      }
    }
    return sum.finish();
  }

  private boolean isPartner(int other) {
    return ways.arePartners(rank, other);
  }

  /** Of the slice that a rank owns, and of those that it deals with. */
  private List<BufferRegion> ofSlices(int of, IntFunction<List<BufferRegion>> ofOwner) {
    List<BufferRegion> all = new ArrayList<>(ofOwner.apply(of));
    for (int owner : ways.owners(of)) {
      all.addAll(ofOwner.apply(owner));
    }
    return all;
  }

  private List<BufferRegion> pieces(Map<Node, float[]> sums, int owner) {
    IndexRange slice = sharding.slice(owner, bucket);
    return sharding.nodes(rank).stream().map(node -> piece(sums.get(node), slice)).toList();
  }

  private List<BufferRegion> arrivingHere(int neighbour) {
    boolean tells = rounded == null;
    List<BufferRegion> all = new ArrayList<>();
    for (Node node : sharding.nodes(neighbour)) {
      all.add(sum.arriving(node, tells));
    }
    for (Deal deal : deals) {
      for (Node node : sharding.nodes(neighbour)) {
        all.add(deal.arriving(node, tells));
      }
    }
    return all;
  }

  private List<BufferRegion> finishedFor(int owner) {
    for (Deal deal : deals) {
      if (deal.owner() == owner) {
        return deal.sums().stream().map(TreeReducer::finished).toList();
      }
    }
    return List.of();
  }

  private List<Piece> roundedFor(int owner) {
    return ofPart(sharding.slice(owner, bucket), finishedFor(owner));
  }

  private List<BufferRegion> arrivingFromElsewhere(int other) {
    if (!ways.deals(other, rank)) {
      return List.of();
    }
    return ways.nodesOfHost(communicator.hosts().of(other)).stream()
        .map(node -> sum.arriving(node, rounded == null))
        .toList();
  }

  private List<Piece> roundedFromElsewhere(int other) {
    return ofPart(owned, arrivingFromElsewhere(other));
  }

  private void betweenHosts(String what, Communicator through) {
    if (rounded == null) {
      through.exchange(what, this::isPartner, this::finishedFor, this::arrivingFromElsewhere);
    } else {
      rounded.exchange(
          what, through, this::isPartner, this::roundedFor, this::roundedFromElsewhere);
    }
  }

  private static List<Piece> ofPart(IndexRange part, List<BufferRegion> regions) {
    return regions.stream().map(region -> new Piece(part, region)).toList();
  }

  private static BufferRegion piece(float[] vector, IndexRange range) {
    return new BufferRegion(vector, range.from(), range.length());
  }
}
