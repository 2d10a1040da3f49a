// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

/** The inputs of one pass, and its outputs. */
public final class StepContext {
  private final float[] targets;
  private final long seed;
  private double loss;
  private float[] output;

  /**
   * @param targets [n, width], as {@code StepEngine.gradient} takes them; empty in inference
   * @param seed of dropout
   */
  public StepContext(float[] targets, long seed) {
    this.targets = targets;
    this.seed = seed;
  }

  public float[] targets() {
    return targets;
  }

  public long seed() {
    return seed;
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
