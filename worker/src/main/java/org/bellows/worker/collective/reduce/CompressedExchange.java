// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;

/** Swaps parts of flat vectors in packed form. Its buffers are kept from swap to swap. */
final class CompressedExchange {
  private final Communicator communicator;
  private final BlockFloat16Codec blocks;
  private final float[][] sent;
  private final float[][] received;

  CompressedExchange(Communicator communicator, BlockFloat16Codec blocks) {
    this.communicator = communicator;
    this.blocks = blocks;
    this.sent = new float[communicator.size()][0];
    this.received = new float[communicator.size()][0];
  }

  /**
   * One direction, by rank.
   *
   * @param pieces each as long as the part
   * @param part of the flat vector that every piece holds
   */
  record Direction(IntFunction<List<BufferRegion>> pieces, IntFunction<IndexRange> part) {}

  BlockFloat16Codec blocks() {
    return blocks;
  }

  /**
   * As {@link Communicator#exchange}.
   *
   * @param through the exchange, or what puts something behind each rank's pieces
   */
  void exchange(
      String what,
      Communicator through,
      IntPredicate among,
      Direction outgoing,
      Direction incoming) {
    through.exchange(
        what,
        among,
        other -> List.of(packed(other, outgoing)),
        other -> receiveRegion(other, incoming));
    for (int other = 0; other < communicator.size(); other++) {
      if (other != communicator.rank() && among.test(other)) {
        unpack(other, incoming);
      }
    }
  }

  private BufferRegion packed(int other, Direction outgoing) {
    IndexRange part = outgoing.part().apply(other);
    List<BufferRegion> regions = outgoing.pieces().apply(other);
    int length = regions.size() * blocks.packedLength(part);
    float[] buffer = grown(sent, other, length);
    int at = 0;
    for (BufferRegion region : regions) {
      at = blocks.pack(part, region.array(), region.from(), buffer, at);
    }
    return new BufferRegion(buffer, 0, length);
  }

  private List<BufferRegion> receiveRegion(int other, Direction incoming) {
    int pieces = incoming.pieces().apply(other).size();
    int length = pieces * blocks.packedLength(incoming.part().apply(other));
    return List.of(new BufferRegion(grown(received, other, length), 0, length));
  }

  private void unpack(int other, Direction incoming) {
    IndexRange part = incoming.part().apply(other);
    int at = 0;
    for (BufferRegion region : incoming.pieces().apply(other)) {
      at = blocks.unpack(part, received[other], at, region.array(), region.from());
    }
  }

  private static float[] grown(float[][] buffers, int other, int length) {
    if (buffers[other].length < length) {
      buffers[other] = new float[length];
    }
    return buffers[other];
  }
}
