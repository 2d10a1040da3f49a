// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch.mlflow;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.watch.RunListener;
import org.bellows.driver.watch.Scalars;
import org.bellows.driver.watch.mlflow.MlflowRun.Metric;
import org.bellows.worker.files.Json;
import org.bellows.worker.metrics.RankMetrics;
import org.bellows.worker.metrics.StepMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a run's curves to an MLflow server, as far as it takes them. */
public final class MlflowTracking implements RunListener {
  private static final Logger LOG = LoggerFactory.getLogger(MlflowTracking.class);
  private static final int MOST_WAITING = 1000;
  private static final long PATIENCE_SECONDS = 5;

  private final MlflowClient client;
  private final MlflowRun.Card card;
  private final RunFolder folder;
  private final ExecutorService thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MOST_WAITING),
          task -> {
            Thread sender = new Thread(task, "bellows-mlflow");
            sender.setDaemon(true);
            return sender;
          });

  /** Used by the thread alone; null until the server has answered. */
  private MlflowRun run;

  /** Guarded by this. */
  private long given;

  /** Guarded by this. */
  private long sent;

  /** Guarded by this; null if all went well. */
  private String firstFailure;

  /** A request to the server. */
  @FunctionalInterface
  private interface Call {
    void make(MlflowRun run) throws MlflowException;
  }

  private MlflowTracking(MlflowClient client, MlflowRun.Card card, RunFolder folder) {
    this.client = client;
    this.card = card;
    this.folder = folder;
  }

  /**
   * @return nothing where {@code watch.mlflow-uri} is empty
   * @throws BellowsException (configuration) when the token cannot be read
   */
  public static Optional<MlflowTracking> open(Settings settings, RunFolder folder) {
    Settings.Watch watch = settings.watch();
    if (watch.mlflowUri().isBlank()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new TreeMap<>();
    byte[] configuration = settings.effectiveJson().getBytes(StandardCharsets.UTF_8);
    flatten("", Json.read(configuration, Map.class, "configuration"), parameters);
    MlflowRun.Card card =
        new MlflowRun.Card(
            watch.mlflowUri(),
            watch.mlflowExperiment(),
            settings.model().name() + " " + folder.path().getName(),
            parameters);
    MlflowClient client =
        new MlflowClient(watch.mlflowUri(), MlflowToken.read(watch.mlflowTokenFile()));
    return Optional.of(new MlflowTracking(client, card, folder));
  }

  private static void flatten(String prefix, Map<?, ?> settings, Map<String, String> flat) {
    settings.forEach(
        (key, value) -> {
          String name = prefix.isEmpty() ? key.toString() : prefix + "." + key;
          if (value instanceof Map<?, ?> inner) {
            flatten(name, inner, flat);
          } else {
            flat.put(name, String.valueOf(value));
          }
        });
  }

  @Override
  public void onAttempt(int attempt, int executors, long step) {
    submit(0, ignored -> {});
  }

  @Override
  public void onSegmentDone(List<StepMetrics> steps, List<RankMetrics> ranks) {
    List<Metric> metrics = new ArrayList<>();
    double time =
        System.currentTimeMillis() - 1e3 * steps.stream().mapToDouble(StepMetrics::seconds).sum();
    for (StepMetrics step : steps) {
      time += 1e3 * step.seconds();
      add(metrics, Scalars.of(step), (long) time, step.step() + 1);
    }
    log(metrics);
  }

  @Override
  public void onEvaluation(EpochEvaluation evaluation) {
    List<Metric> metrics = new ArrayList<>();
    add(metrics, Scalars.of(evaluation), System.currentTimeMillis(), evaluation.step());
    log(metrics);
  }

  private static void add(List<Metric> to, Map<String, Double> scalars, long time, long step) {
    scalars.forEach((key, value) -> to.add(new Metric(key, value, time, step)));
  }

  private void log(List<Metric> metrics) {
    for (int from = 0; from < metrics.size(); from += MlflowRun.MOST_METRICS) {
      int to = Math.min(metrics.size(), from + MlflowRun.MOST_METRICS);
      List<Metric> some = metrics.subList(from, to);
      submit(some.size(), open -> open.log(some));
    }
  }

  private void submit(int values, Call call) {
    synchronized (this) {
      given += values;
    }
    try {
      thread.execute(() -> make(values, call));
    } catch (RejectedExecutionException e) {
      failed("the server is too slow: %,d calls are waiting".formatted(MOST_WAITING));
    }
  }

  /** A failed request is not repeated, but a run that the server does not know yet is. */
  private void make(int values, Call call) {
    try {
      if (run == null) {
        run = MlflowRun.open(client, card, folder);
      }
      call.make(run);
      synchronized (this) {
        sent += values;
      }
    } catch (MlflowException | BellowsException e) {
      failed(e.getMessage());
    }
  }

  private synchronized void failed(String reason) {
    if (firstFailure == null) {
      firstFailure = reason;
      LOG.warn("MLflow does not get all of the run, which continues: {}", reason);
    }
  }

  /**
   * The run has ended; waits a little for what is still to be sent.
   *
   * @return a sentence on what was not sent, if there is such
   */
  public Optional<String> end(boolean succeeded) {
    long now = System.currentTimeMillis();
    submit(0, open -> open.update(succeeded ? "FINISHED" : "FAILED", now));
    thread.shutdown();
    try {
      if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
        failed(
            "the server had not answered all calls %d s after the end".formatted(PATIENCE_SECONDS));
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
      failed("interrupted while the last calls were made");
    }
    return unsent();
  }

  private synchronized Optional<String> unsent() {
    return firstFailure == null
        ? Optional.empty()
        : Optional.of(
            "MLflow did not get %,d of %,d values; first: %s"
                .formatted(given - sent, given, firstFailure));
  }
}
