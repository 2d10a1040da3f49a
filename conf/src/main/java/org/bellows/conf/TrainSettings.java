// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;

/**
 * {@code train}: what is trained for how long and how it is computed. Meaning and unit of each
 * value are in {@code reference.conf}.
 */
public record TrainSettings(
    @Key(identity = Identity.ALWAYS, min = 1, max = 100_000) int epochs,
    @Key(identity = Identity.ALWAYS, min = 1, max = 1_048_576) int globalBatch,
    @Key(identity = Identity.ALWAYS, min = 1, max = 65_536) int laneBatch,
    @Key(identity = Identity.ALWAYS) long seed,
    @Key(identity = Identity.ALWAYS) String split,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1_000_000_000) long maxSamples,
    @Key(identity = Identity.WHERE_EVALUATIONS_DECIDE) String validationSplit,
    @Key(identity = Identity.WHERE_EVALUATIONS_DECIDE, min = 1, max = 100_000)
        int evaluateEveryEpochs,
    @Key(identity = Identity.ALWAYS, min = 0, max = 100_000) int earlyStoppingEpochs,
    @Key(identity = Identity.WHERE_EVALUATIONS_DECIDE) BestMetric bestMetric,
    @Key(identity = Identity.ALWAYS) ModelSelection save,
    @Key(identity = Identity.NEVER) NonFinite nonFinite,
    @Key(identity = Identity.ALWAYS) BatchNormMoments batchNormMoments,
    @Key(identity = Identity.ALWAYS) String stepEngine,
    @Key(identity = Identity.ALWAYS) Device device,
    @Key(identity = Identity.ALWAYS) InstructionSet instructionSet,
    @Key(identity = Identity.ALWAYS) Convolutions convolutions,
    @Key(identity = Identity.ALWAYS) Precision precision)
    implements Serializable {
  public enum BestMetric {
    TOP1,
    MIOU,
    MAP,
    LOSS
  }

  /** Whose mean and variance BatchNorm takes in training. */
  public enum BatchNormMoments {
    /** Those of each lane's batch. */
    LANE,
    /** Those of the whole global batch: synchronized BatchNorm. */
    GLOBAL_BATCH
  }

  public enum ModelSelection {
    LAST,
    BEST
  }

  /** The instructions that the step is computed with. */
  public enum InstructionSet {
    /** The greatest set that all executors have. */
    AUTO,
    AVX2,
    AVX512
  }

  /** The algorithm of convolutions in training. */
  public enum Convolutions {
    /** Sums of products. */
    DIRECT,
    /** Winograd's of windows of 3 x 3 where it is faster, else {@link #DIRECT}. */
    WINOGRAD,
    /** Gradients of wide depthwise kernels by their columns, else {@link #DIRECT}. */
    COLUMNS
  }

  public enum NonFinite {
    STOP,
    SKIP
  }

  /** K, the number of lanes: global batch / lane batch. */
  public int lanes() {
    return globalBatch / laneBatch;
  }

  /** Samples that BatchNorm takes its mean and variance of. */
  public int momentSamples() {
    return batchNormMoments == BatchNormMoments.GLOBAL_BATCH ? globalBatch : laneBatch;
  }

  /** Whether evaluations have a say in what the run ends with. */
  public boolean evaluationDecides() {
    return earlyStoppingEpochs > 0 || save == ModelSelection.BEST;
  }
}
