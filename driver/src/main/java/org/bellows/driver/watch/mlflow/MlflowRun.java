// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch.mlflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bellows.conf.BellowsException;
import org.bellows.driver.run.RunFolder;
import org.bellows.worker.files.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of an experiment on the server. The run's folder remembers it, so that a resumed run
 * writes into the same one.
 */
final class MlflowRun {
  private static final Logger LOG = LoggerFactory.getLogger(MlflowRun.class);
  private static final String FILE = "mlflow.json";

  /** That one call may carry. */
  static final int MOST_METRICS = 1000;

  private static final int MOST_PARAMETERS = 100;
  private static final int LONGEST_VALUE = 500;
  private static final int NOT_FOUND = 404;

  private final MlflowClient client;
  private final String id;

  private MlflowRun(MlflowClient client, String id) {
    this.client = client;
    this.id = id;
  }

  /** The content of {@value #FILE}. */
  record Remembered(String uri, String experiment, String runId) {}

  /** How the run is called, and what is said of it once. */
  record Card(String uri, String experiment, String name, Map<String, String> parameters) {}

  /** One value of one curve; time in milliseconds since 1970. */
  record Metric(String key, double value, long timestamp, long step) {}

  /** Continues the run that the folder remembers, or creates one. */
  static MlflowRun open(MlflowClient client, Card card, RunFolder folder) throws MlflowException {
    Optional<Remembered> before =
        folder
            .readIfThere(FILE)
            .flatMap(content -> remembered(content, folder.file(FILE)))
            .filter(
                known ->
                    known.uri().equals(card.uri()) && known.experiment().equals(card.experiment()));
    if (before.isPresent()) {
      MlflowRun run = new MlflowRun(client, before.get().runId());
      if (run.isThere()) {
        return run;
      }
    }
    MlflowRun run = create(client, card);
    // Remembered at once: a run that lacks a parameter is better than two runs.
    folder.write(FILE, Json.pretty(new Remembered(card.uri(), card.experiment(), run.id)));
    run.logParameters(card.parameters());
    return run;
  }

  /** A file that cannot be made out is no reason not to train. */
  private static Optional<Remembered> remembered(byte[] content, Object file) {
    try {
      return Optional.of(Json.read(content, Remembered.class, file));
    } catch (BellowsException e) {
      LOG.warn("MLflow gets a new run: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Marks the run as running on the server, unless it was deleted there. */
  private boolean isThere() throws MlflowException {
    try {
      update("RUNNING", 0);
      return true;
    } catch (MlflowException e) {
      if (e.status() == NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private static MlflowRun create(MlflowClient client, Card card) throws MlflowException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("experiment_id", experiment(client, card.experiment()));
    body.put("run_name", card.name());
    body.put("start_time", System.currentTimeMillis());
    body.put("tags", List.of(Map.of("key", "mlflow.source.name", "value", "Bellows")));
    Object created = client.post("runs/create", body).get("run");
    if (created instanceof Map<?, ?> run
        && run.get("info") instanceof Map<?, ?> info
        && info.get("run_id") instanceof String id) {
      return new MlflowRun(client, id);
    }
    throw new MlflowException("runs/create answers without run.info.run_id", 200, null);
  }

  private static String experiment(MlflowClient client, String name) throws MlflowException {
    try {
      Map<?, ?> found = client.get("experiments/get-by-name", "experiment_name", name);
      if (found.get("experiment") instanceof Map<?, ?> experiment
          && experiment.get("experiment_id") instanceof String id) {
        return id;
      }
      throw new MlflowException("experiments/get-by-name answers without an id", 200, null);
    } catch (MlflowException e) {
      if (e.status() != NOT_FOUND) {
        throw e;
      }
    }
    if (client.post("experiments/create", Map.of("name", name)).get("experiment_id")
        instanceof String id) {
      return id;
    }
    throw new MlflowException("experiments/create answers without experiment_id", 200, null);
  }

  private void logParameters(Map<String, String> parameters) throws MlflowException {
    List<Map<String, String>> all = new ArrayList<>();
    parameters.forEach(
        (key, value) ->
            all.add(
                Map.of(
                    "key",
                    key,
                    "value",
                    value.substring(0, Math.min(value.length(), LONGEST_VALUE)))));
    for (int from = 0; from < all.size(); from += MOST_PARAMETERS) {
      List<?> some = all.subList(from, Math.min(all.size(), from + MOST_PARAMETERS));
      client.post("runs/log-batch", Map.of("run_id", id, "params", some));
    }
  }

  /**
   * A value that is sent twice for a step is there twice: the server never overwrites.
   *
   * @param metrics at most {@link #MOST_METRICS}
   */
  void log(List<Metric> metrics) throws MlflowException {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Metric metric : metrics) {
      double value = metric.value();
      all.add(
          Map.of(
              "key",
              metric.key(),
              "value",
              // The server's form of what JSON has no number for.
              Double.isFinite(value) ? value : Double.toString(value),
              "timestamp",
              metric.timestamp(),
              "step",
              metric.step()));
    }
    client.post("runs/log-batch", Map.of("run_id", id, "metrics", all));
  }

  /**
   * @param status RUNNING, FINISHED or FAILED
   * @param endMilliseconds since 1970, 0: it has not ended
   */
  void update(String status, long endMilliseconds) throws MlflowException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("run_id", id);
    body.put("status", status);
    if (endMilliseconds > 0) {
      body.put("end_time", endMilliseconds);
    }
    client.post("runs/update", body);
  }
}
