// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Settings;
import org.bellows.data.batch.BatchTransform;
import org.bellows.data.batch.ReadAhead;
import org.bellows.data.batch.SampleStore;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.data.batch.TrainingSpan;
import org.bellows.data.order.SampleOrder;
import org.bellows.data.shard.BlockCache;
import org.bellows.data.shard.DatasetReader;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;

/**
 * Where a rank's batches come from. They are read ahead from one segment into the next and from one
 * epoch into the next, while a model is evaluated or written: the first batch of an epoch needs a
 * whole window of samples to be read, and no step should wait for that.
 */
public final class BatchFeed implements AutoCloseable {
  private final TrainingPlan plan;
  private final Configuration hadoop;
  private final SampleOrder order;
  private final IndexRange lanes;

  /** Data that one epoch read need not be read again in the next ones. */
  private final BlockCache blockCache;

  /** Null at first. */
  private TrainingBatches open;

  /** First step of the epoch that the open batches' steps are counted from. */
  private long origin;

  /** The step that they end before. */
  private long end;

  /**
   * @param lanes of this rank
   */
  public BatchFeed(TrainingPlan plan, Configuration hadoop, IndexRange lanes) {
    this.plan = plan;
    this.hadoop = hadoop;
    this.order = plan.sampleOrder();
    this.lanes = lanes;
    this.blockCache = BlockCache.of(plan.settings().data());
  }

  /**
   * The batches of a step and what follows; the caller takes them, and does not close them.
   *
   * @param until where they are made in another way; they may be asked for up to there
   * @param store see {@link BatchTransform}
   */
  public TrainingBatches from(long step, long until, Optional<SampleStore> store) {
    if (open == null || origin + open.nextStep() != step || step == end) {
      closeBatches();
      open = batches(step, until, store);
      origin = step - step % order.stepsPerEpoch();
      end = until;
    }
    return open;
  }

  /** The batches of one step, once more; the caller closes them. */
  TrainingBatches replay(long step, Optional<SampleStore> store) {
    return batches(step, step + 1, store);
  }

  private TrainingBatches batches(long step, long end, Optional<SampleStore> store) {
    long steps = order.stepsPerEpoch();
    long epoch = step / steps;
    Settings.Data data = plan.settings().data();
    return new TrainingBatches(
        new DatasetReader(
            hadoop, data.path(), plan.manifest(), plan.settings().train().split(), blockCache),
        order,
        new BatchTransform(plan.inputSpec(), plan.targets(), store),
        new TrainingSpan(
            Math.toIntExact(epoch),
            step - epoch * steps,
            end - epoch * steps,
            lanes.from(),
            lanes.to()),
        ReadAhead.of(data));
  }

  private void closeBatches() {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  @Override
  public void close() {
    closeBatches();
    blockCache.close();
  }
}
