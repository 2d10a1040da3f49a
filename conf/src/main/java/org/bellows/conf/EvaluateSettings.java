// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;
import java.util.List;

/**
 * {@code evaluate}: of what and how a model is judged. Meaning and unit of each value are in {@code
 * reference.conf}.
 */
public record EvaluateSettings(
    @Key(identity = Identity.NEVER) String split,
    @Key(identity = Identity.WHERE_EVALUATIONS_DECIDE, min = 1, max = 65_536) int batch,
    @Key(identity = Identity.WHERE_EVALUATIONS_DECIDE) Inference inference,
    @Key(identity = Identity.WHERE_EVALUATIONS_DECIDE, min = 0.05, max = 1) double windowStride,
    @Key(identity = Identity.WHERE_EVALUATIONS_DECIDE, min = 0.1, max = 8) List<Double> scales,
    @Key(identity = Identity.WHERE_EVALUATIONS_DECIDE) boolean mirror,
    @Key(identity = Identity.NEVER) String stepEngine,
    @Key(identity = Identity.NEVER) Device device,
    @Key(identity = Identity.NEVER) Precision precision,
    @Key(identity = Identity.NEVER) InferenceConvolutions convolutions,
    @Key(identity = Identity.NEVER) Thresholds thresholds,
    @Key(identity = Identity.NEVER, min = 0, max = 1) double threshold,
    @Key(identity = Identity.NEVER, min = 0, max = 1000) int worstMistakes,
    @Key(identity = Identity.NEVER, isPath = true) List<String> ensemble)
    implements Serializable {
  /** How a network that says a class of each pixel is shown a picture. */
  public enum Inference {
    /** The picture is resized to the network's input. */
    RESIZE,
    /** At its own size, padded to a size that the network halves without a rest. */
    WHOLE,
    /** In overlapping windows of the network's input, whose probabilities are averaged. */
    SLIDING_WINDOW,
    /**
     * In windows of the network's input that each answer for their middle; borders are mirrored.
     */
    TILES
  }

  /** The algorithm of convolutions in inference. */
  public enum InferenceConvolutions {
    /** Sums of products. */
    DIRECT,
    /** Winograd's of windows of 3 x 3 where it is faster, else {@link #DIRECT}. */
    WINOGRAD
  }

  /** From which probability on a class is an answer, where a sample is of any number of classes. */
  public enum Thresholds {
    /** {@code evaluate.threshold} for all. */
    SAME,
    /** The model's own, one a class. */
    MODEL
  }

  /** How networks that say a class of each pixel are shown a picture. */
  public PixelInference ofPixels() {
    return new PixelInference(inference, windowStride, scales, mirror);
  }
}
