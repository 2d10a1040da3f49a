// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train.update;

import java.util.ArrayList;
import java.util.List;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.engine.BatchStatistics;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.tune.ParameterGroups;

/**
 * The step of stochastic gradient descent for every mode: parameters, the optimizer's state of what
 * this rank owns, and the update from sums over lanes to new parameters.
 */
public final class SgdStep {
  private final SliceUpdate update;

  /** The parameters, and the loss of the last step. */
  private final StepVector vector;

  /** The running statistics before the update, in their places of the flat vector. */
  private final float[] before;

  /** Statistics of the layers being trained in the current phase. */
  private BatchStatistics statistics;

  /**
   * @param update of what this rank owns
   * @param learns layout of the whole network, with what does not learn marked as frozen
   */
  public SgdStep(SliceUpdate update, FlatLayout learns) {
    this.update = update;
    this.vector = new StepVector(learns.length());
    this.before = new float[learns.length()];
    this.statistics = new BatchStatistics(learns);
  }

  public StepVector vector() {
    return vector;
  }

  /** The parameters are as a run begins with: the optimizer starts from them. */
  public void begin() {
    update.beginFrom(vector.floats());
  }

  /** Resumes from a checkpoint that fits. */
  public void restore(Checkpoint checkpoint) {
    vector.setParameters(checkpoint.parameters());
    update.restore(checkpoint.optimizer());
  }

  /**
   * Sets the groups of the next steps: rates, decay and which arrays are frozen. The optimizer's
   * state stays.
   */
  public void enter(ParameterGroups groups) {
    update.enter(groups);
    statistics = new BatchStatistics(groups.layout());
  }

  /**
   * All ranks that share the vector call it.
   *
   * @param sums over all lanes of what this rank owns; overwritten
   * @param number updates done before this one
   * @param share brings what this rank owns of the vector to the other ranks, and theirs here
   */
  public void apply(float[] sums, long number, double rate, Runnable share) {
    float[] floats = vector.floats();
    statistics.copy(floats, before);
    update.applyInPlace(floats, sums, number, rate);
    share.run();
    statistics.mergeInPlace(floats, before);
    update.average(floats, number);
  }

  /**
   * The arrays of a checkpoint for what is owned, beside the parameters, as {@link StateArrays}
   * lists them.
   */
  public List<float[]> state() {
    return update.state();
  }

  /** The vectors that averaging replaces by the lanes' mean: the parameters, then the state. */
  public List<float[]> arrays() {
    List<float[]> all = new ArrayList<>(List.of(vector.floats()));
    all.addAll(update.state());
    return all;
  }

  /** Whether the model that would be saved is a moving average of the parameters. */
  public boolean hasAverage() {
    return update.hasAverage();
  }

  /**
   * The moving average of a step that has one.
   *
   * @return what is owned in its place, 0 elsewhere
   */
  public StepVector average() {
    StepVector average = new StepVector(vector.parameters());
    update.readAverage(average.floats());
    return average;
  }
}
