// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bellows.conf.AugmentSettings;
import org.bellows.data.batch.InputSpec;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.evaluate.Ranking;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.network.Ensemble;

/**
 * Networks that say a class of each picture and the one thread that computes with them, for any
 * number of threads that have pictures: a network is not thread-safe.
 */
public final class ClassPredictor implements PictureNetwork<ClassPrediction>, AutoCloseable {
  private final Ensemble ensemble;
  private final InputSpec input;
  private final int top;
  private final double[] thresholds;
  private final ExecutorService thread;

  /**
   * Computes once, so that the first batch does not pay for what comes once a process.
   *
   * @param trained whose networks say a class of each picture
   * @param top likeliest classes that are kept of each picture
   * @param thresholds by class: from which probability on it is an answer, where a picture is of
   *     any number of classes; else empty
   * @throws org.bellows.conf.BellowsException (configuration) when the engine cannot compute the
   *     networks here
   */
  public ClassPredictor(
      TrainedEnsemble trained,
      AugmentSettings augment,
      EngineRequest engine,
      int top,
      List<Double> thresholds) {
    if (trained.isMultiLabel() == thresholds.isEmpty()) {
      throw new IllegalArgumentException(
          "%d thresholds for %d classes"
              .formatted(thresholds.size(), trained.card().classes().size()));
    }
    this.ensemble = trained.open(engine);
    this.input = trained.inputSpec(augment);
    this.top = top;
    this.thresholds = thresholds.stream().mapToDouble(Double::doubleValue).toArray();
    this.thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread named = new Thread(work, "bellows-predict");
              named.setDaemon(true);
              return named;
            });
    CompletableFuture.runAsync(
            () -> ensemble.probabilities(new float[input.sampleLength()], 1, 1), thread)
        .join();
  }

  @Override
  public InputSpec input() {
    return input;
  }

  @Override
  public CompletableFuture<List<ClassPrediction>> submit(float[] pixels, int n, int views) {
    return CompletableFuture.supplyAsync(() -> compute(pixels, n, views), thread);
  }

  @Override
  public ClassPrediction refused(String reason) {
    return ClassPrediction.refused(reason);
  }

  private List<ClassPrediction> compute(float[] pixels, int n, int views) {
    float[] probabilities = ensemble.probabilities(pixels, n, views);
    int classes = ensemble.classes();
    List<ClassPrediction> predictions = new ArrayList<>(n);
    for (int from = 0; from < probabilities.length; from += classes) {
      predictions.add(prediction(Arrays.copyOfRange(probabilities, from, from + classes)));
    }
    return predictions;
  }

  private ClassPrediction prediction(float[] probabilities) {
    if (!Ranking.isFinite(probabilities, 0, probabilities.length)) {
      return new ClassPrediction(new int[0], new float[0], null, null);
    }
    int[] labels = Ranking.top(probabilities, top);
    float[] likeliest = new float[labels.length];
    for (int rank = 0; rank < labels.length; rank++) {
      likeliest[rank] = probabilities[labels[rank]];
    }
    return new ClassPrediction(labels, likeliest, chosen(probabilities), null);
  }

  private int[] chosen(float[] probabilities) {
    return thresholds.length == 0 ? null : Ranking.reaching(probabilities, thresholds);
  }

  /** Waits for what was submitted. */
  @Override
  public void close() {
    CompletableFuture.runAsync(ensemble::close, thread).join();
    thread.shutdown();
  }
}
