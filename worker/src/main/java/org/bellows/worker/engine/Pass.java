package org.bellows.worker.engine;

/** What differs from pass to pass, and what a pass finds out. */
final class Pass {
  private final float[] targets;
  private final long seed;
  private double loss;
  private float[] answer;

  /**
   * @param targets [n, width], as {@link OneDnnGraph#gradient} takes them; empty in inference
   * @param seed of dropout
   */
  Pass(float[] targets, long seed) {
    this.targets = targets;
    this.seed = seed;
  }

  float[] targets() {
    return targets;
  }

  long seed() {
    return seed;
  }

  /**
   * @param probabilities [n, classes], row-major
   */
  void setAnswer(float[] probabilities) {
    answer = probabilities;
  }

  float[] answer() {
    return answer;
  }

  void addLoss(double more) {
    loss += more;
  }

  /** Sum over samples and heads. */
  double loss() {
    return loss;
  }
}
