// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.CompressedExchange.Piece;
import org.bellows.worker.collective.reduce.OwnedParts.OwnedPart;

/**
 * Brings what each rank owns of a vector, of all buckets at once, to all others: between hosts as
 * {@link HostSharding} says, then between the ranks of one host.
 */
final class AllGather {
  private final Communicator communicator;
  private final HostSharding ways;
  private final int rank;
  private final List<OwnedParts> owned = new ArrayList<>();

  /** Null where nothing is rounded. */
  private final CompressedExchange rounded;

  AllGather(Communicator communicator, Sharding sharding, CompressedExchange rounded) {
    this.communicator = communicator;
    this.ways = new HostSharding(sharding, communicator.hosts());
    this.rank = communicator.rank();
    this.rounded = rounded;
    for (int each = 0; each < communicator.size(); each++) {
      owned.add(sharding.owned(each));
    }
  }

  /**
   * As {@link ShardedVector#allGatherInPlace}.
   *
   * @param isPacked whether the values are rounded already, and packed on their way
   */
  void run(String what, float[] vector, boolean isPacked) {
    if (!ways.isOneHost()) {
      IntFunction<List<Piece>> outgoing =
          other -> ways.deals(other, rank) ? pieces(vector, rank) : List.of();
      IntFunction<List<Piece>> incoming =
          other -> ways.deals(rank, other) ? pieces(vector, other) : List.of();
      if (isPacked) {
        rounded.exchange(
            what, communicator, other -> ways.arePartners(rank, other), outgoing, incoming);
      } else {
        communicator.exchange(
            what,
            other -> ways.arePartners(rank, other),
            other -> regions(outgoing.apply(other)),
            other -> regions(incoming.apply(other)));
      }
    }
    if (!ways.isApart()) {
      communicator.exchange(
          what,
          other -> ways.isTogether(rank, other),
          other -> regions(known(vector, rank)),
          other -> regions(known(vector, other)));
    }
  }

  private List<Piece> pieces(float[] vector, int owner) {
    List<Piece> pieces = new ArrayList<>();
    for (OwnedPart part : owned.get(owner).parts()) {
      pieces.add(new Piece(part.range(), new BufferRegion(vector, part.from(), part.length())));
    }
    return pieces;
  }

  /** What a rank owns, and what owners on other hosts have sent it. */
  private List<Piece> known(float[] vector, int of) {
    List<Piece> all = pieces(vector, of);
    for (int owner : ways.owners(of)) {
      all.addAll(pieces(vector, owner));
    }
    return all;
  }

  private static List<BufferRegion> regions(List<Piece> pieces) {
    return pieces.stream().map(Piece::region).toList();
  }
}
