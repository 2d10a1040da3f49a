// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.natives.NativeLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A plan that is only counted has the bytes of the one that is made: one network of each kind. */
@Tag("instructions")
class PlanBytesTest {
  private static final int CLASSES = 5;

  @BeforeAll
  static void load() {
    NativeLibraries.load();
  }

  @ParameterizedTest
  @CsvSource({
    "lenet5, 28, 16",
    "resnet20-cifar, 32, 4",
    "alexnet-32-lrn, 32, 4",
    "alexnet-two-group, 63, 2",
    "vgg11-bn, 32, 4",
    "resnet50, 64, 2",
    "nin, 39, 2",
    "googlenet, 79, 2",
    "inception-v3, 75, 2",
    "mobilenet-v1-0.25, 64, 4",
    "mobilenet-v2, 64, 2",
    "efficientnet-b0, 64, 2"
  })
  void countedBytesAreThoseOfTheRealPlans(String name, int side, int samples) {
    NetworkDefinition network = NetworkRegistry.standard().get(name);
    InputShape input = new InputShape(network.usualInput().channels(), side, side);
    NetworkGraph graph = network.graph(input, CLASSES);
    EngineNetwork initial = EngineNetwork.of(graph, 1);
    FlatLayout layout = initial.layout();
    float[] pixels = new float[samples * input.elements()];
    try (OneDnnEngine real = new OneDnnEngine(initial, Arithmetic.USUAL)) {
      long vectors = 2L * Float.BYTES * layout.length();
      assertThat(real.nativeBytes()).isEqualTo(vectors);
      real.gradient(pixels, new float[samples * CLASSES], 1, new float[layout.length()]);
      long training = OneDnnEngine.planBytes(graph, samples, true, Arithmetic.USUAL);
      assertThat(real.nativeBytes() - vectors).isEqualTo(training);
      real.probabilities(pixels, samples);
      assertThat(real.nativeBytes() - vectors - training)
          .isEqualTo(OneDnnEngine.planBytes(graph, samples, false, Arithmetic.USUAL))
          .isLessThan(training);
    }
  }

  /** 512 pictures of 224 x 224 need 47 GB (AVX2); nothing of that is taken. */
  @Test
  void aPlanThatFitsNowhereIsCounted() {
    NetworkDefinition network = NetworkRegistry.standard().get("vgg16");
    long bytes =
        OneDnnEngine.planBytes(
            network.graph(network.usualInput(), 1000), 512, true, Arithmetic.USUAL);
    assertThat(bytes).isGreaterThan(40_000_000_000L);
  }
}
