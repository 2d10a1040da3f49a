package org.bellows.worker.evaluate;

/** Orders classes by probability; of equal ones the lower label comes first. */
public final class Ranking {
  private Ranking() {}

  /**
   * The number of classes that come before this one.
   *
   * @param probabilities [.., classes], this sample's from index {@code from} on
   */
  public static int rank(float[] probabilities, int from, int classes, int label) {
    int rank = 0;
    float own = probabilities[from + label];
    for (int other = 0; other < classes; other++) {
      float probability = probabilities[from + other];
      if (probability > own || (probability == own && other < label)) {
        rank++;
      }
    }
    return rank;
  }

  /** The label that comes first. */
  public static int first(float[] probabilities, int from, int classes) {
    int best = 0;
    for (int label = 1; label < classes; label++) {
      if (probabilities[from + label] > probabilities[from + best]) {
        best = label;
      }
    }
    return best;
  }

  /** The labels that come first, at most count. */
  public static int[] top(float[] probabilities, int count) {
    int[] labels = new int[Math.min(count, probabilities.length)];
    for (int label = 0; label < probabilities.length; label++) {
      int rank = rank(probabilities, 0, probabilities.length, label);
      if (rank < labels.length) {
        labels[rank] = label;
      }
    }
    return labels;
  }
}
