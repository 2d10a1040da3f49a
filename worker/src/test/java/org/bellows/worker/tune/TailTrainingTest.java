// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.bellows.data.batch.ClassTargets;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.LaneInput;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.models.network.NetworkCut;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.engine.dl4j.Dl4jEngineProvider;
import org.bellows.worker.engine.onednn.OneDnnEngineProvider;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("instructions")
class TailTrainingTest {
  private static final int SAMPLES = 4;
  private static final int CLASSES = 3;
  private static final InputShape INPUT = new InputShape(3, 12, 12);

  private static NetworkDefinition network(String name) {
    return NetworkRegistry.standard().get(name);
  }

  private static LaneBatch batch() {
    float[] pixels = new float[SAMPLES * INPUT.elements()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (i * 37 % 101) / 50f - 1;
    }
    int[] labels = {0, 1, 2, 1};
    return new LaneBatch(
        0,
        0,
        new long[] {5, 3, 8, 1},
        new LaneInput.Pictures(pixels, Optional.empty()),
        ClassTargets.of(labels, CLASSES));
  }

  private static ClassTargets targets() {
    return batch().targets().ofClasses();
  }

  private static TailTraining rest(LaneNetwork whole, String name, String layer, String engine) {
    NetworkCut cut = NetworkCut.splitAfter(network(name), INPUT, CLASSES, layer);
    TailTraining rest =
        new TailTraining(whole, cut, EngineRequest.named(engine), true, Optional.empty());
    float[] parameters = new float[whole.layout().length()];
    whole.readParameters(parameters);
    rest.writeParameters(parameters);
    return rest;
  }

  private static StepVector gradient(TailTraining rest, LaneBatch batch) {
    return rest.take(rest.network().ofLane(rest.input(batch), targets().distributions(), 1));
  }

  /** A network without BatchNorm or dropout does the same in training as in inference. */
  @ParameterizedTest
  @CsvSource({"lenet5, c1", "lenet5, s2", "lenet5, s4", "lenet5, f6"})
  void theGradientIsTheWholeNetworks(String name, String layer) {
    try (LaneNetwork whole = new LaneNetwork(network(name), INPUT, CLASSES, 3);
        TailTraining rest = rest(whole, name, layer, OneDnnEngineProvider.NAME)) {
      float[] expected = new float[whole.layout().length()];
      LaneBatch batch = batch();
      double loss = whole.gradient(batch.pixels(), targets().distributions(), 1, expected);
      StepVector actual = gradient(rest, batch);
      assertThat((double) actual.loss()).isCloseTo(loss, within(1e-5));
      for (ParameterSlot slot : rest.layout().segments()) {
        for (int i = slot.offset(); i < slot.end(); i++) {
          float there = slot.kind().isTrainable() ? expected[i] : 0;
          assertThat(actual.floats()[i]).as(slot.name()).isCloseTo(there, within(1e-5f));
        }
      }
      assertThat(rest.layout().trainableParameters())
          .isBetween(1L, whole.layout().trainableParameters() - 1);
    }
  }

  @ParameterizedTest
  @CsvSource({"resnet20-cifar, stage2-block1-relu", "resnet20-cifar, pool"})
  void bothEnginesAgree(String name, String layer) {
    try (LaneNetwork whole = new LaneNetwork(network(name), INPUT, CLASSES, 3);
        TailTraining onednn = rest(whole, name, layer, OneDnnEngineProvider.NAME);
        TailTraining dl4j = rest(whole, name, layer, Dl4jEngineProvider.NAME)) {
      float[] fast = gradient(onednn, batch()).floats();
      float[] plain = gradient(dl4j, batch()).floats();
      int loss = fast.length - 1;
      assertThat(plain[loss]).isCloseTo(fast[loss], within(1e-4f));
      double largest = 0;
      for (int i = 0; i < loss; i++) {
        largest = Math.max(largest, Math.abs(plain[i]));
      }
      assertThat(largest).isPositive();
      for (int i = 0; i < loss; i++) {
        assertThat(fast[i]).isCloseTo(plain[i], within((float) (1e-3 * largest)));
      }
    }
  }

  /** In training a frozen BatchNorm would have the batch's statistics, and dropout would drop. */
  @Test
  void frozenLayersWorkAsInInference() {
    try (LaneNetwork whole = new LaneNetwork(network("resnet20-cifar"), INPUT, CLASSES, 3);
        TailTraining rest = rest(whole, "resnet20-cifar", "pool", OneDnnEngineProvider.NAME)) {
      LaneBatch batch = batch();
      float[] probabilities = whole.probabilities(batch.pixels(), SAMPLES);
      double expected = 0;
      for (int i = 0; i < SAMPLES; i++) {
        expected -= Math.log(probabilities[i * CLASSES + targets().labels()[i]]);
      }
      assertThat((double) gradient(rest, batch).loss()).isCloseTo(expected, within(1e-5));
    }
  }
}
