// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import org.bellows.worker.parallel.LaneCombiner;

/** The inputs of one pass, and its outputs. */
public final class StepContext {
  private final float[] targets;
  private final long seed;
  private final LaneCombiner lanes;
  private double loss;
  private float[] output;

  /**
   * @param targets [n, width], as {@code StepEngine.gradient} takes them; empty in inference
   * @param seed of dropout
   * @param lanes where this lane meets the others
   */
  public StepContext(float[] targets, long seed, LaneCombiner lanes) {
    this.targets = targets;
    this.seed = seed;
    this.lanes = lanes;
  }

  /** Without targets, dropout and other lanes. */
  public static StepContext ofInference() {
    return new StepContext(new float[0], 0, LaneCombiner.ONE_LANE);
  }

  public float[] targets() {
    return targets;
  }

  public long seed() {
    return seed;
  }

  public LaneCombiner lanes() {
    return lanes;
  }

  /**
   * @param probabilities [n, classes], row-major
   */
  public void setOutput(float[] probabilities) {
    output = probabilities;
  }

  public float[] output() {
    return output;
  }

  public void addLoss(double more) {
    loss += more;
  }

  /** Sum over samples and heads. */
  public double loss() {
    return loss;
  }
}
