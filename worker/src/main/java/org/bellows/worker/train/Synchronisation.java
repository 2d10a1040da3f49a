// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.List;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.metrics.StepMetrics;

/**
 * How new parameters are made of the lanes' gradients, and when the ranks agree on them: {@code
 * sync.mode}. All ranks make the same calls in the same order.
 */
sealed interface Synchronisation permits SynchronousSgd, ParameterAveraging {

  /**
   * The parameters of the whole run; the same on every rank whenever {@link #step} has given the
   * metrics of all steps that were taken.
   */
  StepVector vector();

  /** The parameters are as a run begins with: the optimizer starts from them. */
  void begin();

  /** Resumes from a checkpoint that fits. */
  void restore(Checkpoint checkpoint);

  /** The set of trainable layers has changed (freeze schedule); see {@link TrainableNetworks}. */
  void onPhaseChange();

  /**
   * Takes a step.
   *
   * @param batches gives the batches of this rank's lanes
   * @param leaves whether this rank has been told to leave the run
   * @return the steps whose loss is known now and was not before, in order; none where the ranks do
   *     not meet yet
   */
  List<StepMetrics> step(PlannedStep step, TrainingBatches batches, boolean leaves);

  /**
   * Whether a rank said so when the ranks met last, which is the same on all: they stop then, and a
   * checkpoint loses nothing.
   */
  boolean isLeft();

  /** Arrays that a checkpoint holds of the optimizer. */
  int stateSize();

  /**
   * @return whole arrays [at least the parameters] that nothing overwrites, on rank 0; none
   *     elsewhere
   */
  List<float[]> state(String what);

  /** The vector that would be saved as the model: the parameters or their moving average. */
  StepVector model(String what);

  /** Notes for the report on the steps since the last call; the same on every rank. */
  List<String> takeNotes();
}
