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
   * What is swapped.
   *
   * @param part of the flat vector
   * @param region as long, where its values are
   */
  record Piece(IndexRange part, BufferRegion region) {}

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
      IntFunction<List<Piece>> outgoing,
      IntFunction<List<Piece>> incoming) {
    through.exchange(
        what,
        among,
        other -> List.of(packed(other, outgoing)),
        other -> receiveRegion(other, incoming));
    unpackAll(among, incoming);
  }

  /** As {@link Communicator#send}. */
  void send(
      String what, Communicator through, IntPredicate among, IntFunction<List<Piece>> outgoing) {
    through.send(what, among, other -> List.of(packed(other, outgoing)));
  }

  /** As {@link Communicator#receive}. */
  void receive(
      String what, Communicator through, IntPredicate among, IntFunction<List<Piece>> incoming) {
    through.receive(what, among, other -> receiveRegion(other, incoming));
    unpackAll(among, incoming);
  }

  private void unpackAll(IntPredicate among, IntFunction<List<Piece>> incoming) {
    for (int other = 0; other < communicator.size(); other++) {
      if (other != communicator.rank() && among.test(other)) {
        unpack(other, incoming);
      }
    }
  }

  private BufferRegion packed(int other, IntFunction<List<Piece>> outgoing) {
    List<Piece> pieces = outgoing.apply(other);
    int length = packedLength(pieces);
    float[] buffer = grown(sent, other, length);
    int at = 0;
    for (Piece piece : pieces) {
      at = blocks.pack(piece.part(), piece.region().array(), piece.region().from(), buffer, at);
    }
    return new BufferRegion(buffer, 0, length);
  }

  private List<BufferRegion> receiveRegion(int other, IntFunction<List<Piece>> incoming) {
    int length = packedLength(incoming.apply(other));
    return List.of(new BufferRegion(grown(received, other, length), 0, length));
  }

  private int packedLength(List<Piece> pieces) {
    int length = 0;
    for (Piece piece : pieces) {
      length += blocks.packedLength(piece.part());
    }
    return length;
  }

  private void unpack(int other, IntFunction<List<Piece>> incoming) {
    int at = 0;
    for (Piece piece : incoming.apply(other)) {
      BufferRegion region = piece.region();
      at = blocks.unpack(piece.part(), received[other], at, region.array(), region.from());
    }
  }

  private static float[] grown(float[][] buffers, int other, int length) {
    if (buffers[other].length < length) {
      buffers[other] = new float[length];
    }
    return buffers[other];
  }
}
