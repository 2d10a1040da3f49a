package org.bellows.data.batch;

/** What a network is taught, as distributions over the classes. */
public final class Targets {
  private Targets() {}

  /**
   * @param labels n, each 0 .. classes-1
   * @return n x classes, row-major: 1 at each label, else 0
   */
  public static float[] oneHot(int[] labels, int classes) {
    float[] targets = new float[labels.length * classes];
    for (int i = 0; i < labels.length; i++) {
      targets[i * classes + labels[i]] = 1;
    }
    return targets;
  }
}
