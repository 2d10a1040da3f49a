package org.bellows.worker.collective;

/** Cuts [0, length) into consecutive shares, as evenly as possible: lanes or slices of a vector. */
public final class Shares {
  private Shares() {}

  /** One share. */
  public record Share(int from, int to) {
    public int length() {
      return to - from;
    }
  }

  public static Share of(int length, int rank, int ranks) {
    return new Share(boundary(length, rank, ranks), boundary(length, rank + 1, ranks));
  }

  private static int boundary(int length, int rank, int ranks) {
    return (int) ((long) length * rank / ranks);
  }
}
