// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.StepProfile;
import org.bellows.worker.natives.NativeLibraries;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

/** Any vertex's output, also of those whose work another node does. */
@Tag("instructions")
class ActivationsTest {
  private static final InputShape INPUT = new InputShape(3, 16, 16);
  private static final int SAMPLES = 2;

  private static final NetworkGraph NETWORK =
      NetworkRegistry.standard().get("resnet20-cifar").graph(INPUT, 5);
  private static final long SEED = 1;

  private static OneDnnEngine compiled() {
    NativeLibraries.load();
    return new OneDnnEngine(EngineNetwork.of(NETWORK, SEED), Arithmetic.USUAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stem",
        "stem-relu",
        "stage1-block1-relu",
        "stage2-block1-shortcut",
        "pool",
        "output"
      })
  void areThoseOfDl4j(String vertex) {
    float[] pixels = Comparison.pixels(SAMPLES * INPUT.elements(), 3);
    ComputationGraph graph = Dl4jGraph.initialised(NETWORK, SEED);
    graph.setInputs(Nd4j.create(pixels, new long[] {SAMPLES, 3, 16, 16}, 'c'));
    float[] expected = graph.feedForward(false).get(vertex).dup('c').data().asFloat();
    try (OneDnnEngine compiled = compiled()) {
      float[] actual = compiled.activations(pixels, SAMPLES, vertex);
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < actual.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(1e-4f));
      }
    }
  }

  /** DL4J's graph overwrites them with what the ReLU makes of them. */
  @ParameterizedTest
  @CsvSource({"stem-norm, stem-relu", "stage1-block1-add, stage1-block1-relu"})
  void areThereWhereAnotherNodeDoesTheWork(String vertex, String relu) {
    float[] pixels = Comparison.pixels(SAMPLES * INPUT.elements(), 3);
    try (OneDnnEngine compiled = compiled()) {
      float[] before = compiled.activations(pixels, SAMPLES, vertex);
      float[] behind = compiled.activations(pixels, SAMPLES, relu);
      int negative = 0;
      for (int i = 0; i < before.length; i++) {
        assertThat(behind[i]).isCloseTo(Math.max(0, before[i]), within(1e-5f));
        negative += before[i] < 0 ? 1 : 0;
      }
      assertThat(negative).isBetween(1, before.length - 1);
    }
  }

  @Test
  void refusesAVertexThatIsNotThere() {
    try (OneDnnEngine compiled = compiled()) {
      assertThatThrownBy(() -> compiled.activations(new float[INPUT.elements()], 1, "nowhere"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the network has no vertex nowhere");
    }
  }

  @Test
  void theProfileNamesEveryVertexOfAStep() {
    try (OneDnnEngine compiled = compiled()) {
      float[] targets = new float[SAMPLES * 5];
      StepProfile profile =
          compiled
              .profile(Comparison.pixels(SAMPLES * INPUT.elements(), 3), targets, 2)
              .orElseThrow();
      assertThat(profile.imagesPerSecond()).isPositive();
      assertThat(profile.lines())
          .extracting(StepProfile.Line::vertex)
          .contains("stem", "stage1-block1-a-norm", "stage3-block3-relu", "output");
      assertThat(profile.lines())
          .extracting(StepProfile.Line::phase)
          .contains("parameters", "forward", "backward");
      // Which operations take longest differs from run to run.
      assertThat(profile.text(5)).contains("images/s").hasLineCount(6);
      assertThat(profile.text(profile.lines().size())).contains("backward");
      assertThat(compiled.nativeBytes())
          .isGreaterThan(2L * Float.BYTES * compiled.layout().length());
    }
  }
}
