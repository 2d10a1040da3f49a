package org.bellows.worker.network;

/** What computes one lane batch; all take and give the same flat vectors. */
sealed interface LaneStep extends AutoCloseable permits Dl4jStep, OneDnnStep {

  /** Copies out the parameters. */
  void readParameters(float[] target);

  /** Takes over the parameters. */
  void writeParameters(float[] source);

  /** As {@link LaneNetwork#gradient(float[], float[], long, float[])}. */
  double gradient(float[] pixels, float[] targets, long seed, float[] gradient);

  /** As {@link LaneNetwork#probabilities(float[], int)}. */
  float[] probabilities(float[] pixels, int n);

  /** As {@link LaneNetwork#activations}. */
  float[] activations(float[] pixels, int n, String vertex);

  @Override
  void close();
}
