// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.tune;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.LaneInput.Stored;
import org.bellows.data.batch.SampleStore;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.models.network.NetworkCut;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.GradientSums.Sum;
import org.bellows.worker.engine.GradientSums.VectorProgress;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.network.LaneNetwork;

/**
 * The layers after the frozen ones, as a network of their own. The frozen ones work as in inference
 * (running statistics, no dropout), forward only.
 *
 * <p>If augmentation is deterministic, the output of the frozen layers is computed per picture
 * (batch size 1), so that a cached value does not depend on the composition of a batch, nor on the
 * executor that cached it.
 */
public final class TailTraining implements TrainableNetwork {
  private final LaneNetwork whole;
  private final NetworkCut cut;
  private final LaneNetwork rest;
  private final FlatLayout layout;
  private final boolean picturesAreFixed;
  private final Optional<FeatureCache> cache;

  /** Whether another has the same cache, and closes it. */
  private final boolean isBeside;

  private final List<ParameterRange> stretches;
  private final float[] parameters;

  /** Vectors of the whole network. Nothing was ever written in the places of what is frozen. */
  private final Deque<StepVector> spare = new ArrayDeque<>();

  /** The same floats in the whole network's vectors and in the rest's. */
  private record ParameterRange(int inWhole, int inRest, int length) {}

  /**
   * @param engine that computes the rest
   * @param picturesAreFixed whether a sample's pixels are the same in every epoch
   * @param cache to be closed with this; only of use with fixed pictures
   */
  public TailTraining(
      LaneNetwork whole,
      NetworkCut cut,
      EngineRequest engine,
      boolean picturesAreFixed,
      Optional<FeatureCache> cache) {
    this.whole = whole;
    this.cut = cut;
    this.picturesAreFixed = picturesAreFixed;
    this.cache = cache;
    this.isBeside = false;
    this.rest = new LaneNetwork(cut.rest(), cut.shape(), whole.classes(), 0, engine);
    this.layout = whole.layout().frozen(cut.frozenLayers());
    this.stretches = stretches(whole.layout(), rest.layout());
    this.parameters = new float[rest.layout().length()];
  }

  private TailTraining(TailTraining other, boolean ownParameters) {
    this.whole = other.whole.beside(false);
    this.cut = other.cut;
    this.picturesAreFixed = other.picturesAreFixed;
    this.cache = other.cache;
    this.isBeside = true;
    this.rest = other.rest.beside(ownParameters);
    this.layout = other.layout;
    this.stretches = other.stretches;
    this.parameters = new float[rest.layout().length()];
  }

  @Override
  public TrainableNetwork beside(boolean ownParameters) {
    return new TailTraining(this, ownParameters);
  }

  private static List<ParameterRange> stretches(FlatLayout whole, FlatLayout rest) {
    Map<String, ParameterSlot> byName = new HashMap<>();
    whole.segments().forEach(slot -> byName.put(slot.name(), slot));
    List<ParameterRange> stretches = new ArrayList<>();
    for (ParameterSlot slot : rest.segments()) {
      ParameterSlot there = byName.get(slot.name());
      stretches.add(new ParameterRange(there.offset(), slot.offset(), slot.length()));
    }
    return stretches;
  }

  @Override
  public FlatLayout layout() {
    return layout;
  }

  @Override
  public void writeParameters(float[] vector) {
    for (ParameterRange stretch : stretches) {
      System.arraycopy(vector, stretch.inWhole(), parameters, stretch.inRest(), stretch.length());
    }
    rest.writeParameters(parameters);
  }

  @Override
  public LaneNetwork network() {
    return rest;
  }

  @Override
  public float[] input(LaneBatch batch) {
    return batch.input().match(pictures -> features(batch, pictures.pixels()), Stored::values);
  }

  /** The input is computed when it is asked for. */
  @Override
  public void expect(LaneBatch next) {}

  @Override
  public StepVector take(Sum sum) {
    StepVector own = rest.take(sum);
    StepVector vector = spare.isEmpty() ? new StepVector(layout.length()) : spare.pop();
    for (ParameterRange stretch : stretches) {
      System.arraycopy(
          own.floats(), stretch.inRest(), vector.floats(), stretch.inWhole(), stretch.length());
    }
    vector.setLoss(own.loss());
    rest.recycle(own);
    return vector;
  }

  /** The whole network's vector is made when the pass has ended. */
  @Override
  public boolean tellsProgress() {
    return false;
  }

  @Override
  public StepVector ofLane(float[] input, float[] targets, long seed, VectorProgress progress) {
    StepVector gradient = take(rest.ofLane(input, targets, seed));
    progress.isFinal(gradient, 0);
    return gradient;
  }

  @Override
  public void recycle(StepVector vector) {
    spare.push(vector);
  }

  /** [n, channels, height, width] of the picture -> [n, elements] of the cut's layer. */
  private float[] features(LaneBatch batch, float[] pixels) {
    int n = batch.size();
    if (!picturesAreFixed) {
      return whole.activations(pixels, n, cut.layer()).values();
    }
    int length = cut.shape().elements();
    float[] features = new float[n * length];
    for (int i = 0; i < n; i++) {
      if (!isCached(batch.sampleIds()[i], features, i * length)) {
        compute(batch, pixels, i, features);
      }
    }
    return features;
  }

  private boolean isCached(long sample, float[] features, int offset) {
    return cache.isPresent() && cache.get().read(sample, features, offset);
  }

  private void compute(LaneBatch batch, float[] pixels, int i, float[] features) {
    int length = pixels.length / batch.size();
    float[] picture = Arrays.copyOfRange(pixels, i * length, (i + 1) * length);
    float[] values = whole.activations(picture, 1, cut.layer()).values();
    System.arraycopy(values, 0, features, i * values.length, values.length);
    cache.ifPresent(kept -> kept.put(batch.sampleIds()[i], values));
  }

  @Override
  public Optional<SampleStore> store() {
    return cache.map(kept -> kept);
  }

  @Override
  public void close() {
    rest.close();
    if (isBeside) {
      whole.close();
      return;
    }
    cache.ifPresent(FeatureCache::close);
  }
}
