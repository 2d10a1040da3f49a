// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch.tensorboard;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bellows.conf.BellowsException;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.run.SequenceFiles;
import org.bellows.driver.watch.RunListener;
import org.bellows.driver.watch.Scalars;
import org.bellows.worker.metrics.RankMetrics;
import org.bellows.worker.metrics.StepMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the content of {@code metrics/} for TensorBoard, too. Steps are counted from 1, updates
 * done, so that an evaluation and the update before it are at the same place. A run that resumes
 * from a checkpoint tells readers to discard the steps that will be repeated; files of earlier
 * starts stay.
 *
 * <p>A file that cannot be written is missing in TensorBoard and nowhere else: the run continues.
 */
public final class TensorBoardLog implements RunListener {
  private static final Logger LOG = LoggerFactory.getLogger(TensorBoardLog.class);
  private static final String FOLDER = "tensorboard";

  private final SequenceFiles files;

  /**
   * {@code events.out.tfevents.NUMBER.bellows}, and with {@code FROM-TO} in place of the number
   * when joined. That comes before its parts, as '-' comes before '.': TensorBoard, which reads
   * files in the order of their names, goes on behind it.
   */
  private static final class Names implements SequenceFiles.Naming {
    private static final Pattern NAME =
        Pattern.compile(FOLDER + "/events\\.out\\.tfevents\\.(\\d{10})(?:-(\\d{10}))?\\.bellows");

    @Override
    public Optional<SequenceFiles.Part> part(String name) {
      Matcher matcher = NAME.matcher(name);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      long from = Long.parseLong(matcher.group(1));
      return Optional.of(
          new SequenceFiles.Part(
              name, from, matcher.group(2) == null ? from : Long.parseLong(matcher.group(2))));
    }

    @Override
    public String name(long from, long to) {
      return from == to
          ? "%s/events.out.tfevents.%010d.bellows".formatted(FOLDER, from)
          : "%s/events.out.tfevents.%010d-%010d.bellows".formatted(FOLDER, from, to);
    }
  }

  /** Number of the next file; not known before the first attempt. */
  private long number;

  /** The update from which on readers discard, 0: none. */
  private long restart;

  private boolean warned;

  public TensorBoardLog(RunFolder folder) {
    this.files = new SequenceFiles(folder, FOLDER, new Names());
  }

  @Override
  public void onAttempt(int attempt, int executors, long step) {
    try {
      // First: where tidying fails, what comes still gets a number of its own.
      number = files.parts().stream().mapToLong(part -> part.to() + 1).max().orElse(0);
      restart = number > 0 ? step + 1 : 0;
      files.removeCovered();
      files.join();
    } catch (BellowsException e) {
      warn(e);
    }
  }

  /** Times are counted back from now: the steps' own are not kept. */
  @Override
  public void onSegmentDone(List<StepMetrics> steps, List<RankMetrics> ranks) {
    if (steps.isEmpty()) {
      return;
    }
    double time = now() - steps.stream().mapToDouble(StepMetrics::seconds).sum();
    RecordFile records = begin(time);
    for (StepMetrics step : steps) {
      time += step.seconds();
      records.add(EventMessages.scalars(time, step.step() + 1, Scalars.of(step)));
    }
    write(records);
  }

  @Override
  public void onEvaluation(EpochEvaluation evaluation) {
    double time = now();
    write(begin(time).add(EventMessages.scalars(time, evaluation.step(), Scalars.of(evaluation))));
  }

  private RecordFile begin(double time) {
    RecordFile records = new RecordFile().add(EventMessages.version(time));
    if (restart > 0) {
      records.add(EventMessages.start(time, restart));
    }
    return records;
  }

  private void write(RecordFile records) {
    try {
      files.write(number, number, records.toBytes());
      number++;
      restart = 0;
      files.joinSometimes();
    } catch (BellowsException e) {
      warn(e);
    }
  }

  private void warn(BellowsException failure) {
    if (!warned) {
      warned = true;
      LOG.warn("TensorBoard will not show all of the run: {}", failure.getMessage());
    }
  }

  /** Seconds since 1970. */
  private static double now() {
    return System.currentTimeMillis() * 1e-3;
  }
}
