package org.bellows.worker.collective.reduce;

import java.util.List;
import java.util.function.IntFunction;
import org.bellows.worker.collective.Exchange;
import org.bellows.worker.collective.Piece;
import org.bellows.worker.collective.reduce.Shares.Share;

/** Swaps parts of flat vectors in packed form. Its buffers are kept from swap to swap. */
final class RoundedSwap {
  private final Exchange exchange;
  private final Float16Blocks blocks;
  private final float[][] sent;
  private final float[][] received;

  RoundedSwap(Exchange exchange, Float16Blocks blocks) {
    this.exchange = exchange;
    this.blocks = blocks;
    this.sent = new float[exchange.size()][0];
    this.received = new float[exchange.size()][0];
  }

  /**
   * One direction, by rank.
   *
   * @param pieces each as long as the part
   * @param part of the flat vector that every piece holds
   */
  record Way(IntFunction<List<Piece>> pieces, IntFunction<Share> part) {}

  Float16Blocks blocks() {
    return blocks;
  }

  /**
   * As {@link Exchange#swap}.
   *
   * @param through the exchange, or what puts something behind each rank's pieces
   */
  void swap(String what, Exchange through, Way outgoing, Way incoming) {
    through.swap(what, other -> List.of(packed(other, outgoing)), other -> room(other, incoming));
    for (int other = 0; other < exchange.size(); other++) {
      if (other != exchange.rank()) {
        unpack(other, incoming);
      }
    }
  }

  private Piece packed(int other, Way outgoing) {
    Share part = outgoing.part().apply(other);
    List<Piece> pieces = outgoing.pieces().apply(other);
    int length = pieces.size() * blocks.packedLength(part);
    float[] buffer = grown(sent, other, length);
    int at = 0;
    for (Piece piece : pieces) {
      at = blocks.pack(part, piece.array(), piece.from(), buffer, at);
    }
    return new Piece(buffer, 0, length);
  }

  private List<Piece> room(int other, Way incoming) {
    int pieces = incoming.pieces().apply(other).size();
    int length = pieces * blocks.packedLength(incoming.part().apply(other));
    return List.of(new Piece(grown(received, other, length), 0, length));
  }

  private void unpack(int other, Way incoming) {
    Share part = incoming.part().apply(other);
    int at = 0;
    for (Piece piece : incoming.pieces().apply(other)) {
      at = blocks.unpack(part, received[other], at, piece.array(), piece.from());
    }
  }

  private static float[] grown(float[][] buffers, int other, int length) {
    if (buffers[other].length < length) {
      buffers[other] = new float[length];
    }
    return buffers[other];
  }
}
