// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.inference;

import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.InferenceArithmetic;
import org.bellows.worker.engine.StepProfile;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.network.LaneNetwork;

/** Bellows as {@code evaluate} computes; the images come from Java's memory each time. */
final class BellowsInference implements Inference {
  private final LaneNetwork network;
  private final float[] pixels;
  private final int samples;
  private float[] probabilities;

  BellowsInference(
      TrainedModel model, InferenceArithmetic arithmetic, float[] pixels, int samples) {
    this.network = model.open(EngineRequest.ofInference(StepEngines.USUAL, arithmetic));
    this.pixels = pixels;
    this.samples = samples;
  }

  @Override
  public void run() {
    probabilities = network.probabilities(pixels, samples);
  }

  @Override
  public float[] probabilities() {
    return probabilities;
  }

  /** Where the time of a run goes. */
  StepProfile profile(int rounds) {
    return network
        .profileInference(pixels, rounds)
        .orElseThrow(() -> new IllegalStateException("the engine keeps no account of its time"));
  }

  @Override
  public void close() {
    network.close();
  }
}
