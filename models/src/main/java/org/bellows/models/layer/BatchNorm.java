// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * Ioffe and Szegedy, "Batch Normalization", 2015, algorithms 1 and 2, each channel by itself:
 * moments of the batch in training, running means of them in inference.
 *
 * @param epsilon addend to the variance
 * @param decay share of the old running statistics that is kept; frameworks that speak of momentum
 *     m for the new share mean 1 - m
 * @param gamma where each scale starts
 * @param moments that training takes
 */
public record BatchNorm(double epsilon, double decay, double gamma, Moments moments)
    implements Layer {
  /** The name of scales. */
  public static final String GAMMA = "gamma";

  /** The name of shifts. */
  public static final String BETA = "beta";

  /** The name of running means. */
  public static final String MEAN = "mean";

  /** The name of running variances. */
  public static final String VARIANCE = "var";

  /** The mean and variance that training normalises with. */
  public enum Moments {
    /** Those of a lane's own batch. */
    LANE,
    /** Those of all lanes together: "synchronized" BatchNorm. */
    GLOBAL_BATCH,
    /** The running statistics, which are left as they are; scales and shifts learn all the same. */
    FROZEN
  }

  /** With the moments of a lane's batch in training. */
  public BatchNorm(double epsilon, double decay, double gamma) {
    this(epsilon, decay, gamma, Moments.LANE);
  }

  /** Whether training takes the running statistics. */
  public boolean isFrozen() {
    return moments == Moments.FROZEN;
  }

  /** Whether training takes the moments of all lanes together. */
  public boolean isOverGlobalBatch() {
    return moments == Moments.GLOBAL_BATCH;
  }

  /** The same with statistics that stay as they are. */
  public BatchNorm frozen() {
    return new BatchNorm(epsilon, decay, gamma, Moments.FROZEN);
  }

  /** The same with the moments of all lanes together in training, unless it is frozen. */
  public BatchNorm overGlobalBatch() {
    return isFrozen() ? this : new BatchNorm(epsilon, decay, gamma, Moments.GLOBAL_BATCH);
  }

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    return inputs.get(0);
  }

  @Override
  public List<ParameterArray> parameters(List<LayerShape> inputs) {
    List<Long> shape = List.of((long) inputs.get(0).channels());
    return List.of(
        new ParameterArray(GAMMA, shape, ParameterKind.NO_DECAY, 0),
        new ParameterArray(BETA, shape, ParameterKind.NO_DECAY, 0),
        statistic(MEAN, shape, ParameterKind.RUNNING_MEAN),
        statistic(VARIANCE, shape, ParameterKind.RUNNING_VARIANCE));
  }

  private ParameterArray statistic(String name, List<Long> shape, ParameterKind kind) {
    return isFrozen()
        ? new ParameterArray(name, shape, ParameterKind.FROZEN, 0)
        : new ParameterArray(name, shape, kind, decay);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.batchNorm(this);
  }
}
