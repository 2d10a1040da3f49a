package org.bellows.worker.collective;

import java.util.List;
import java.util.function.IntFunction;

/** The only rank there is: nothing is sent and nothing comes. */
public record LoneRank() implements Exchange {
  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int size() {
    return 1;
  }

  @Override
  public void swap(
      String what, IntFunction<List<Piece>> outgoing, IntFunction<List<Piece>> incoming) {}

  @Override
  public void close() {}
}
