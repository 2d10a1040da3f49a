// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.Optional;
import java.util.function.Supplier;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.TrainingBatches;

/**
 * The batches of a worker's lanes in one step.
 *
 * @param lanes the next one, in lane order
 * @param after the first that is computed after these, if it is there already; it is not taken
 */
record StepBatches(Supplier<LaneBatch> lanes, Supplier<Optional<LaneBatch>> after) {

  /** Those that come next. */
  static StepBatches of(TrainingBatches batches) {
    return new StepBatches(batches::next, batches::ready);
  }
}
