// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.bellows.data.ahead.OrderedPrefetcher;
import org.bellows.data.order.SampleOrder;
import org.bellows.data.order.ShuffleWindow;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;

/**
 * The lane batches of one worker: step by step, and in a step lane by lane. Reads, decodes and
 * augments on daemon threads of its own. Used by one thread.
 */
public final class TrainingBatches implements AutoCloseable {
  private static final long CLOSE_MILLISECONDS = 10_000;

  private final SampleOrder order;
  private final BatchTransform transform;
  private final TrainingSpan span;
  private final LaneWindows[] lanes;
  private final BlockReader blocks;

  /** Those of the executor below: it ends a little before its thread does. */
  private final List<Thread> readingThreads = new CopyOnWriteArrayList<>();

  private final ExecutorService reading = Executors.newSingleThreadExecutor(this::readingThread);
  private final OrderedPrefetcher<LaneBatch> ahead;

  /** Lane batches that were handed out. */
  private long taken;

  /** Touched by the read-ahead's source thread only. */
  private long step;

  private int lane;

  /**
   * @param order of the reader's split
   * @throws IllegalArgumentException when the span is outside the order
   */
  public TrainingBatches(
      DatasetReader dataset,
      SampleOrder order,
      InputSpec input,
      TrainingSpan span,
      ReadAhead readAhead) {
    this(dataset, order, new BatchTransform(input, TargetSpec.of(dataset)), span, readAhead);
  }

  /**
   * @param order of the reader's split
   * @param transform closed with the batches
   * @throws IllegalArgumentException when the span is outside the order
   */
  public TrainingBatches(
      DatasetReader dataset,
      SampleOrder order,
      BatchTransform transform,
      TrainingSpan span,
      ReadAhead readAhead) {
    if (span.endLane() > order.lanes()) {
      throw new IllegalArgumentException(
          "%s, but there are %d lanes".formatted(span, order.lanes()));
    }
    this.order = order;
    this.transform = transform;
    this.span = span;
    this.blocks = dataset.openBlocks();
    this.step = span.firstStep();
    this.lane = span.firstLane();
    boolean isEmpty = span.firstStep() == span.endStep();
    this.lanes = new LaneWindows[isEmpty ? 0 : span.endLane() - span.firstLane()];
    HeapBudget heap = new HeapBudget(readAhead.bufferBytes());
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] =
          new LaneWindows(
              block -> dataset.read(blocks, block),
              windows(span.firstLane() + i),
              reading,
              window -> new WindowSamples(window, readAhead.folder(), heap),
              span.firstStep() * order.laneBatch());
    }
    this.ahead =
        new OrderedPrefetcher<>(
            "bellows-train",
            readAhead.decodeThreads(),
            readAhead.prefetchBatches(),
            this::nextTask);
  }

  /** Epoch after epoch, counted on from the start of the first; made when they are asked for. */
  private Iterator<ShuffleWindow> windows(int laneOfThese) {
    long epochs = (span.endStep() + order.stepsPerEpoch() - 1) / order.stepsPerEpoch();
    return LongStream.range(0, epochs)
        .boxed()
        .flatMap(
            epoch ->
                order.windows(Math.toIntExact(span.epoch() + epoch), laneOfThese).stream()
                    .map(window -> window.later(epoch * order.samplesPerLane())))
        .iterator();
  }

  /**
   * (firstStep, firstLane), (firstStep, firstLane + 1), ...; null at the end.
   *
   * @return whose step is counted from the start of its own epoch
   * @throws RuntimeException the exception of a reading or decoding thread, unchanged
   */
  public LaneBatch next() {
    taken++;
    return ahead.next();
  }

  /**
   * What {@link #next} would return at once, which it still does.
   *
   * @return empty where it would wait, fail or end
   */
  public Optional<LaneBatch> ready() {
    return ahead.ready();
  }

  /** Whose first lane comes next, counted as in the span. */
  public long nextStep() {
    return span.firstStep() + taken / Math.max(1, lanes.length);
  }

  /** Time that {@link #next()} was blocked, in all. */
  public double waitSeconds() {
    return ahead.waitSeconds();
  }

  /** Stops the threads and waits for them. */
  @Override
  public void close() {
    ahead.close();
    transform.close();
    // The source thread is gone, so nothing is submitted any more; open files go last.
    reading.shutdownNow();
    try {
      for (Thread thread : readingThreads) {
        thread.join(CLOSE_MILLISECONDS);
      }
      if (reading.isTerminated()) {
        for (LaneWindows windows : lanes) {
          windows.close();
        }
        blocks.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Thread readingThread(Runnable body) {
    Thread thread = new Thread(body, "bellows-train-read");
    thread.setDaemon(true);
    readingThreads.add(thread);
    return thread;
  }

  private Callable<LaneBatch> nextTask() throws InterruptedException {
    if (step == span.endStep() || lanes.length == 0) {
      return null;
    }
    List<EncodedSample> samples = new ArrayList<>(order.laneBatch());
    for (int i = 0; i < order.laneBatch(); i++) {
      samples.add(lanes[lane - span.firstLane()].take(step * order.laneBatch() + i));
    }
    long taskStep = step;
    int taskLane = lane;
    lane++;
    if (lane == span.endLane()) {
      lane = span.firstLane();
      step++;
    }
    int epoch = Math.toIntExact(span.epoch() + taskStep / order.stepsPerEpoch());
    return () -> transform.batch(epoch, taskLane, taskStep % order.stepsPerEpoch(), samples);
  }
}
