// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.util.Optional;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.parallel.LaneCombiner;
import org.bellows.worker.parallel.VectorParts;

/**
 * One network, ready to compute passes over lane batches. Nothing is kept between calls but the
 * parameters and what {@link #gradientSums} holds. The same calls give the same bits. Not
 * thread-safe.
 */
public interface StepEngine extends AutoCloseable {

  /** The layout of the flat vectors. */
  FlatLayout layout();

  /** Copies out [layout().length()] parameters; target may be longer. */
  void readParameters(float[] target);

  /** Takes over the first layout().length() floats. */
  void writeParameters(float[] source);

  /**
   * How the elements of parameters and gradients are divided that are copied between the engine's
   * memory and Java's from now on; in one part before. An engine that has none to copy, or copies
   * otherwise, leaves it. One {@link #beside} this has a division of its own.
   */
  default void divideCopies(VectorParts parts) {}

  /**
   * Forward and backward.
   *
   * @param pixels [n, channels, height, width]
   * @param targets [n, width], row-major, as the heads' losses take them
   * @param seed of dropout in this pass
   * @param gradient [at least layout().length()], overwritten: for trainable parameters the sum
   *     over the n samples, for running statistics this batch's moments ({@link BatchStatistics})
   * @return sum over the n samples of the loss of all heads, in nats
   */
  double gradient(float[] pixels, float[] targets, long seed, float[] gradient);

  /**
   * Likewise, and says on the way how much of the gradient is final. Engines that cannot tell say
   * it at the end.
   */
  default double gradient(
      float[] pixels, float[] targets, long seed, float[] gradient, GradientProgress progress) {
    double loss = gradient(pixels, targets, seed, gradient);
    progress.isFinal(0, loss);
    return loss;
  }

  /** Whether it says before the end of a pass how much of the gradient is final. */
  default boolean tellsWhatIsFinal() {
    return false;
  }

  /**
   * Where lanes' gradients are added up; the same object at each call. Engines with memory of their
   * own keep the sums there.
   */
  GradientSums gradientSums();

  /**
   * An engine of the same network for another thread: both may compute passes at the same time,
   * with memory of their own. What {@link #writeParameters} writes here it has, too.
   *
   * @param ownParameters it has parameters of its own instead, zeros until they are written
   * @return to be closed by the caller before this one
   * @throws UnsupportedOperationException unless {@link StepEngineProvider#canComputeLanesAtOnce}
   */
  default StepEngine beside(boolean ownParameters) {
    throw new UnsupportedOperationException("this engine computes one lane at a time");
  }

  /**
   * Where the following passes meet those of the other lanes: for layers that take moments over the
   * global batch. Without it a lane is the whole global batch.
   *
   * @throws UnsupportedOperationException unless {@link StepEngineProvider#canComputeLanesAtOnce}
   */
  default void meet(LaneCombiner lanes) {
    throw new UnsupportedOperationException("this engine computes one lane at a time");
  }

  /**
   * Forward in inference mode (running statistics, no dropout, no auxiliary heads).
   *
   * @param pixels [n, channels, height, width]
   * @return probabilities [n, classes], or of each pixel [n, classes, height, width], row-major
   */
  float[] probabilities(float[] pixels, int n);

  /**
   * The output of a vertex in inference mode, such as the features before the last dense layer.
   *
   * @param pixels [n, channels, height, width]
   * @param vertex its name in the network
   * @return [n, elements of one sample], row-major; a map's are [channels, height, width]
   * @throws IllegalArgumentException when there is no such vertex
   */
  float[] activations(float[] pixels, int n, String vertex);

  /**
   * As {@link #activations(float[], int, String)}, of pictures of another size, with the same
   * parameters.
   *
   * @param picture shape of each
   * @throws org.bellows.conf.BellowsException (configuration) when the network's parameters depend
   *     on the size
   */
  float[] activations(float[] pixels, int n, InputShape picture, String vertex);

  /**
   * Where the time of a training step goes.
   *
   * @param rounds steps, at least 1; one more comes first and is not counted
   * @return empty where the engine keeps no account of it
   */
  default Optional<StepProfile> profile(float[] pixels, float[] targets, int rounds) {
    return Optional.empty();
  }

  /**
   * Where the time of a forward pass in inference mode goes.
   *
   * @param pixels [n, channels, height, width]
   * @param rounds passes, at least 1; one more comes first and is not counted
   * @return empty where the engine keeps no account of it
   */
  default Optional<StepProfile> profileInference(float[] pixels, int rounds) {
    return Optional.empty();
  }

  @Override
  void close();
}
