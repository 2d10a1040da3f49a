package org.bellows.worker.collective.reduce;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.bellows.worker.collective.Exchange;
import org.bellows.worker.collective.Piece;

/** What each rank says of itself, yes or no, on the way of a swap of something else. */
final class Vote implements Exchange {
  private static final float YES = 1;

  private final Exchange exchange;
  private final float[] said;

  Vote(Exchange exchange, boolean mine) {
    this.exchange = exchange;
    this.said = new float[exchange.size()];
    Arrays.fill(said, Float.NaN);
    said[exchange.rank()] = mine ? YES : 0;
  }

  /** Whether all said yes; the same answer everywhere, after one swap. */
  boolean all() {
    for (float one : said) {
      if (one != YES) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int rank() {
    return exchange.rank();
  }

  @Override
  public int size() {
    return exchange.size();
  }

  @Override
  public void swap(
      String what, IntFunction<List<Piece>> outgoing, IntFunction<List<Piece>> incoming) {
    exchange.swap(
        what,
        other -> behind(outgoing.apply(other), rank()),
        other -> behind(incoming.apply(other), other));
  }

  private List<Piece> behind(List<Piece> pieces, int rank) {
    List<Piece> all = new ArrayList<>(pieces);
    all.add(new Piece(said, rank, 1));
    return all;
  }

  /** What it rides on is somebody else's to close. */
  @Override
  public void close() {}
}
