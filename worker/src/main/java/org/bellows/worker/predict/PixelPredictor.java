// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.predict;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.BellowsException;
import org.bellows.conf.CrfSettings;
import org.bellows.conf.EvaluateSettings;
import org.bellows.data.ahead.OrderedPrefetcher;
import org.bellows.data.batch.EvaluationTransform;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.shard.EncodedSample;
import org.bellows.worker.crf.DenseCrf;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.network.Ensemble;
import org.bellows.worker.segment.ClassScores;
import org.bellows.worker.segment.RefinedScores;
import org.bellows.worker.segment.Segmenter;

/**
 * Networks that say a class of each pixel and the one thread that computes with them, for any
 * number of threads that have pictures: a network is not thread-safe. Pictures are decoded, and go
 * through the conditional random field, on the threads that ask. Each is shown to the networks
 * alone, so its scores do not depend on the others.
 */
public final class PixelPredictor implements AutoCloseable {
  private final Ensemble ensemble;
  private final Segmenter segmenter;
  private final InputSpec input;
  private final boolean readsResized;
  private final EvaluationTransform transform;
  private final Optional<DenseCrf> field;
  private final ExecutorService thread;

  /**
   * @param trained whose networks say a class of each pixel
   * @throws BellowsException (configuration) where the networks cannot be shown pictures so
   */
  public PixelPredictor(
      TrainedEnsemble trained,
      AugmentSettings augment,
      EvaluateSettings evaluate,
      CrfSettings crf) {
    input = trained.inputSpec(augment);
    readsResized = Segmenter.readsResized(evaluate);
    transform = EvaluationTransform.checked(input);
    field = DenseCrf.of(crf);
    ensemble = trained.open(EngineRequest.of(evaluate));
    segmenter = Segmenter.of(ensemble, input, evaluate);
    thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread named = new Thread(work, "bellows-predict");
              named.setDaemon(true);
              return named;
            });
  }

  /**
   * Waits until it is this picture's turn.
   *
   * @param picture whose file was checked ({@code ImageDecoder.inspected})
   * @return of the picture's own size
   * @throws BellowsException (data) when it cannot be decoded
   */
  public ClassScores scores(EncodedSample picture) {
    if (!readsResized) {
      RasterImage decoded = EvaluationTransform.decoded(picture);
      return refined(onThread(() -> segmenter.scores(decoded)), () -> decoded);
    }
    float[] pixels = new float[input.sampleLength()];
    transform.apply(picture.withoutMask(), pixels, 0);
    return refined(
        onThread(() -> segmenter.scores(pixels, picture.height(), picture.width())),
        () -> EvaluationTransform.decoded(picture));
  }

  private ClassScores refined(ClassScores scores, Supplier<RasterImage> picture) {
    return field.isPresent() ? RefinedScores.of(scores, field.get(), picture.get()) : scores;
  }

  private <T> T onThread(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, thread).join();
    } catch (CompletionException e) {
      throw OrderedPrefetcher.asIs(e.getCause());
    }
  }

  /** Waits for what is being computed. */
  @Override
  public void close() {
    CompletableFuture.runAsync(ensemble::close, thread).join();
    thread.shutdown();
  }
}
