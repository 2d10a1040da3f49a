// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.features;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bellows.conf.Settings.Pooling;
import org.bellows.data.batch.InputSpec;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.evaluate.Ranking;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.network.LayerOutput;
import org.bellows.worker.predict.PictureNetwork;

/**
 * A network and the one thread that computes with it, for any number of threads that have images: a
 * network is not thread-safe, and ND4J keeps working memory a thread.
 */
public final class FeatureNetwork implements AutoCloseable {
  private final LaneNetwork network;
  private final InputSpec input;
  private final ExecutorService thread;

  /**
   * Computes once, so that the first batch does not pay for what comes once a process.
   *
   * @throws org.bellows.conf.BellowsException (configuration) when the engine cannot compute the
   *     network here
   */
  public FeatureNetwork(TrainedModel model, InputSpec input, EngineRequest engine) {
    this.network = model.open(engine);
    this.input = input;
    this.thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread named = new Thread(work, "bellows-features");
              named.setDaemon(true);
              return named;
            });
    CompletableFuture.runAsync(
            () -> network.probabilities(new float[input.sampleLength()], 1), thread)
        .join();
  }

  /** The network as one that answers a request of each image. */
  public PictureNetwork<ImageFeature> answering(FeatureRequest request) {
    return new PictureNetwork<>() {
      @Override
      public InputSpec input() {
        return input;
      }

      @Override
      public CompletableFuture<List<ImageFeature>> submit(float[] pixels, int n, int views) {
        return CompletableFuture.supplyAsync(() -> compute(pixels, n, views, request), thread);
      }

      @Override
      public ImageFeature refused(String reason) {
        return ImageFeature.refused(reason);
      }
    };
  }

  private List<ImageFeature> compute(float[] pixels, int n, int views, FeatureRequest request) {
    LayerOutput output = network.activations(pixels, n * views, request.layer());
    if (request.pooling() == Pooling.AVERAGE) {
      output = output.averaged();
    }
    output = output.meanOfViews(views);
    float[] probabilities =
        request.top() == 0 ? new float[0] : network.probabilities(pixels, n, views);
    List<ImageFeature> features = new ArrayList<>(n);
    for (int image = 0; image < n; image++) {
      int length = output.length();
      float[] values = Arrays.copyOfRange(output.values(), image * length, (image + 1) * length);
      features.add(withTop(values, probabilities, image, request.top()));
    }
    return features;
  }

  private ImageFeature withTop(float[] values, float[] probabilities, int image, int count) {
    if (count == 0) {
      return new ImageFeature(values, new int[0], new float[0], null);
    }
    int classes = network.classes();
    float[] own = Arrays.copyOfRange(probabilities, image * classes, (image + 1) * classes);
    int[] top = Ranking.top(own, count);
    float[] likeliest = new float[top.length];
    for (int rank = 0; rank < top.length; rank++) {
      likeliest[rank] = own[top[rank]];
    }
    return new ImageFeature(values, top, likeliest, null);
  }

  /** Waits for what was submitted. */
  @Override
  public void close() {
    CompletableFuture.runAsync(network::close, thread).join();
    thread.shutdown();
  }
}
