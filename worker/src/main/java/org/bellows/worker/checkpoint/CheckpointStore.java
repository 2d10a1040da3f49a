// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.storage.Storage;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.files.Json;
import org.bellows.worker.files.VerifiedFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints below a run's folder. If two writers write the same step at once, one may fail
 * with a message that says so; the checkpoint that exists verifies.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);

  /** As many digits as a long holds whatever they are; other names are not ours. */
  private static final Pattern NAME = Pattern.compile("step-(\\d{9,18})");

  private static final String PARAMETERS = "parameters.bin";
  private static final String OPTIMIZER = "optimizer.bin";
  private static final String STATE = "state.json";
  private static final String BEST = "best";
  private static final String SCORES = "scores.json";

  private final Configuration hadoop;
  private final Path folder;
  private final WriteFence fence;

  /** Null if no writer is excluded. */
  private final WriteFence.Attempt attempt;

  /** Writes without a fence. */
  public CheckpointStore(Configuration hadoop, String runPath) {
    this(hadoop, runPath, null);
  }

  /**
   * @param attempt which writes, and removes what is old, only as long as no other has begun
   */
  public CheckpointStore(Configuration hadoop, String runPath, WriteFence.Attempt attempt) {
    this.hadoop = hadoop;
    Path run = Storage.qualify(runPath);
    this.folder = new Path(run, "checkpoints");
    this.fence = new WriteFence(hadoop, run);
    this.attempt = attempt;
  }

  /** After this call no other attempt can write. */
  public void begin(WriteFence.Attempt next) {
    fence.raise(next);
  }

  /** The attempt that may write; empty if none has begun, or if the file cannot be read. */
  public Optional<WriteFence.Attempt> turn() {
    return fence.current();
  }

  private void requireTurn() {
    if (attempt != null) {
      fence.require(attempt);
    }
  }

  /**
   * Writes a checkpoint; it is there whole or not at all.
   *
   * @throws BellowsException (internal) when a number in it is not finite: no run could resume from
   *     it, and it would push out a good one; (infrastructure) when another attempt has begun
   */
  public void write(Checkpoint checkpoint) {
    requireTurn();
    int length = checkpoint.parameters().length;
    requireFinite("parameter", checkpoint.parameters(), checkpoint);
    for (float[] state : checkpoint.optimizer()) {
      requireFinite("optimizer state", state, checkpoint);
    }
    Map<String, VerifiedFolder.Content> contents = new TreeMap<>();
    contents.put(
        PARAMETERS, out -> FloatArrays.write(out, List.of(checkpoint.parameters()), length));
    contents.put(OPTIMIZER, out -> FloatArrays.write(out, checkpoint.optimizer(), length));
    contents.put(STATE, out -> out.write(Json.pretty(checkpoint.state())));
    VerifiedFolder.write(hadoop, path(checkpoint.state().step()), contents);
  }

  private static void requireFinite(String what, float[] values, Checkpoint checkpoint) {
    int odd = FloatArrays.firstNotFinite(values);
    if (odd >= 0) {
      throw new BellowsException(
          ErrorCategory.INTERNAL,
          "%s %d is %s after step %d: the run diverged; the checkpoint before it is kept and no new one is written; lower schedule.base-lr or lengthen the warmup"
              .formatted(what, odd, values[odd], checkpoint.state().step()),
          null);
    }
  }

  /**
   * Removes all but the newest and the best up to a step; failing to is not worth a run.
   * Checkpoints after that step do not count: a run that skipped them resumes from an earlier one
   * and will write them again.
   *
   * @param newest step of the checkpoint that was just written
   */
  public void keepLast(int count, long newest) {
    requireTurn();
    List<Long> steps = steps().stream().filter(step -> step <= newest).toList();
    Set<Long> best = best().steps().keySet();
    for (long step : steps.subList(Math.min(count, steps.size()), steps.size())) {
      if (!best.contains(step)) {
        remove(step);
      }
    }
  }

  private void remove(long step) {
    try {
      Storage.fileSystem(hadoop, folder).delete(path(step), true);
    } catch (IOException e) {
      LOG.warn("cannot remove old checkpoint {}: {}", path(step), e.getMessage());
    }
  }

  /**
   * Marks a checkpoint as one of the best if it is: {@link #keepLast} spares it until better ones
   * have come.
   *
   * @param score the higher the better; of equals the earlier step is the better one; one that is
   *     not finite is never among the best, and takes back what was marked before
   * @param count how many are the best; 0: none
   */
  public void markBest(long step, double score, int count) {
    Map<Long, Double> scores = new TreeMap<>(best().steps());
    if (Double.isFinite(score)) {
      scores.put(step, score);
    } else {
      scores.remove(step);
    }
    Map<Long, Double> kept = new TreeMap<>();
    scores.entrySet().stream()
        .sorted(
            Map.Entry.<Long, Double>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(count)
        .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
    VerifiedFolder.write(
        hadoop,
        new Path(folder, BEST),
        Map.of(SCORES, out -> out.write(Json.pretty(new Best(kept)))));
  }

  /** Steps marked as best, in rising order; whether they verify is another question. */
  public List<Long> bestSteps() {
    return List.copyOf(new TreeMap<>(best().steps()).keySet());
  }

  /** Scores by step. */
  record Best(Map<Long, Double> steps) {}

  private Best best() {
    Path path = new Path(folder, BEST);
    try {
      if (!Storage.fileSystem(hadoop, path).exists(path)) {
        return new Best(Map.of());
      }
      byte[] scores = VerifiedFolder.read(hadoop, path).getOrDefault(SCORES, new byte[0]);
      return Json.read(scores, Best.class, path);
    } catch (IOException e) {
      throw Storage.failure("reading " + path, e);
    } catch (BellowsException e) {
      if (e.category() != ErrorCategory.DATA) {
        throw e;
      }
      LOG.warn("it is not known which checkpoints are the best: {}", e.getMessage());
      return new Best(Map.of());
    }
  }

  /**
   * The newest checkpoint that verifies; says why it passed over newer ones.
   *
   * @param passedOver receives a sentence for each
   * @throws BellowsException (infrastructure) when the file system fails, which says nothing about
   *     the checkpoints
   */
  public Optional<Checkpoint> newest(Consumer<String> passedOver) {
    for (long step : steps()) {
      try {
        return Optional.of(read(step));
      } catch (BellowsException e) {
        if (e.category() != ErrorCategory.DATA) {
          throw e;
        }
        passedOver.accept("passed over the checkpoint of step " + step + ": " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  /**
   * @throws BellowsException (data) when there is no such checkpoint or it does not verify
   */
  public Checkpoint read(long step) {
    Path path = path(step);
    Map<String, byte[]> contents = VerifiedFolder.read(hadoop, path);
    for (String name : List.of(PARAMETERS, OPTIMIZER, STATE)) {
      if (!contents.containsKey(name)) {
        throw BellowsException.data("checkpoint " + path + " holds no " + name);
      }
    }
    TrainingState state = Json.read(contents.get(STATE), TrainingState.class, path);
    if (!TrainingState.FORMAT.reads(state.formatVersion()) || state.step() != step) {
      throw BellowsException.data(
          "checkpoint %s says format %d, step %d; expected format %s, step %d"
              .formatted(path, state.formatVersion(), state.step(), TrainingState.FORMAT, step));
    }
    List<float[]> parameters = FloatArrays.read(contents.get(PARAMETERS), path);
    List<float[]> optimizer = FloatArrays.read(contents.get(OPTIMIZER), path);
    if (parameters.size() != 1) {
      throw BellowsException.data(
          "checkpoint %s holds %d parameter vectors, expected 1"
              .formatted(path, parameters.size()));
    }
    requireFinite(path, parameters);
    requireFinite(path, optimizer);
    return new Checkpoint(state, parameters.get(0), optimizer);
  }

  /** None like that was ever written: see {@link #write}. */
  private static void requireFinite(Path path, List<float[]> arrays) {
    for (float[] array : arrays) {
      int odd = FloatArrays.firstNotFinite(array);
      if (odd >= 0) {
        throw BellowsException.data(
            "checkpoint %s holds %s at index %d".formatted(path, array[odd], odd));
      }
    }
  }

  /** Steps that have a folder, newest first; whether they verify is another question. */
  public List<Long> steps() {
    List<Long> steps = new ArrayList<>();
    try {
      FileSystem files = Storage.fileSystem(hadoop, folder);
      for (FileStatus status : files.listStatus(folder)) {
        Matcher matcher = NAME.matcher(status.getPath().getName());
        if (matcher.matches()) {
          steps.add(Long.parseLong(matcher.group(1)));
        }
      }
    } catch (FileNotFoundException e) {
      LOG.debug("no checkpoints yet below {}", folder, e);
    } catch (IOException e) {
      throw Storage.failure("listing " + folder, e);
    }
    steps.sort(Comparator.reverseOrder());
    return steps;
  }

  private Path path(long step) {
    return new Path(folder, "step-%09d".formatted(step));
  }

  /** Leftovers of writers that died; only when no other attempt can be writing. */
  public void removeLeftovers() {
    try {
      FileSystem files = Storage.fileSystem(hadoop, folder);
      if (files.exists(folder)) {
        for (FileStatus status : files.listStatus(folder)) {
          Path path = status.getPath();
          if (path.getName().startsWith(VerifiedFolder.TEMPORARY)
              || VerifiedFolder.isUnfinished(files, path)) {
            files.delete(path, true);
            LOG.info("removed {}, left by a writer that did not finish", path);
          }
        }
      }
    } catch (IOException e) {
      throw Storage.failure("cleaning " + folder, e);
    }
  }
}
