// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import org.bellows.conf.BellowsException;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.InferenceArithmetic;
import org.bellows.worker.engine.onednn.arithmetic.Processor;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train.convolutions = winograd} beside direct convolutions and beside double precision. */
@Tag("instructions")
class WinogradTest {
  private static final int CLASSES = 5;
  private static final Arithmetic ARITHMETIC =
      new Arithmetic(TrainSettings.Convolutions.WINOGRAD, Precision.FLOAT32);
  private static final EngineRequest WINOGRAD =
      new EngineRequest(OneDnnEngineProvider.NAME, ARITHMETIC);
  private static final EngineRequest INFERENCE =
      EngineRequest.ofInference(
          OneDnnEngineProvider.NAME,
          new InferenceArithmetic(
              EvaluateSettings.InferenceConvolutions.WINOGRAD, Precision.FLOAT32));
  private static final EngineRequest DIRECT = EngineRequest.named(OneDnnEngineProvider.NAME);

  /** Four times the rounding of a float. */
  private static final double ROUNDING = Math.scalb(1.0, -22);

  /** The sums of F(4x4, 3x3) hold terms up to 36 times as large as what they give. */
  private static final double GROWTH = 10;

  private static void requireInstructions() {
    assumeThat(Processor.refusal(ARITHMETIC)).as("what this processor lacks").isEmpty();
  }

  /** The limit is {@link NetworksAgreeTest}'s of a float's rounding, {@link #GROWTH} times. */
  @ParameterizedTest
  @CsvSource({
    "resnet20-cifar, 32, 4",
    "alexnet-32, 31, 8",
    "vgg11-bn, 32, 4",
    "resnet18, 64, 4",
    "googlenet, 79, 2",
    "unet-8, 27, 4"
  })
  void aGradientIsTheTrueOneButForItsRounding(String name, int side, int samples) {
    requireInstructions();
    NetworkDefinition smooth =
        WithoutKinks.of(Comparison.withoutDrops(NetworkRegistry.standard().get(name)));
    InputShape input = new InputShape(smooth.usualInput().channels(), side, side);
    EngineNetwork initial = Comparison.initial(smooth, input, CLASSES);
    Comparison.Result winograd = Comparison.result(initial, CLASSES, samples, WINOGRAD);
    Comparison.Result direct = Comparison.result(initial, CLASSES, samples, DIRECT);
    assertThat(winograd.gradient()).as("another algorithm").isNotEqualTo(direct.gradient());
    assertThat(winograd.probabilities()).as("inference").isEqualTo(direct.probabilities());
    try (DoubleReference reference = new DoubleReference(initial, CLASSES, samples)) {
      Comparison.Result truth = reference.result();
      double limit = 30 * GROWTH * reference.sensitivity(ROUNDING, 1).gradient();
      assertThat(limit).as("a limit that says something").isLessThan(0.05);
      assertThat(winograd.gradientError(truth)).as("error of the gradient").isLessThan(limit);
      assertThat(winograd.loss()).isCloseTo(truth.loss(), within(1e-4 * truth.loss()));
    }
  }

  /** By itself, and with any number of others. */
  @ParameterizedTest
  @CsvSource({
    "resnet20-cifar, 32, 33",
    "googlenet, 79, 5",
    "resnet18, 96, 9",
    "resnet18, 224, 5",
    "unet-8, 64, 7",
  })
  void anAnswerIsThatOfThePictureAlone(String name, int side, int samples) {
    requireInstructions();
    NetworkDefinition network = NetworkRegistry.standard().get(name);
    InputShape input = new InputShape(network.usualInput().channels(), side, side);
    String layer = answer(network.graph(input, CLASSES));
    float[] pixels = Comparison.pixels(samples * input.elements(), 5);
    try (LaneNetwork lane = new LaneNetwork(network, input, CLASSES, 0, INFERENCE);
        LaneNetwork direct = new LaneNetwork(network, input, CLASSES, 0, DIRECT);
        LaneNetwork start = new LaneNetwork(network, input, CLASSES, 7)) {
      float[] parameters = new float[lane.layout().length()];
      start.readParameters(parameters);
      lane.writeParameters(parameters);
      direct.writeParameters(parameters);
      float[] alone = lane.activations(first(pixels, 1, input), 1, layer).values();
      float[] directly = direct.activations(first(pixels, 1, input), 1, layer).values();
      assertThat(alone).as("another algorithm").isNotEqualTo(directly);
      double range = 0;
      for (float value : directly) {
        range = Math.max(range, Math.abs(value));
      }
      for (int i = 0; i < alone.length; i++) {
        assertThat((double) alone[i]).isCloseTo(directly[i], within(1e-4 * range));
      }
      for (int batch = 2; batch <= samples; batch = batch < 4 ? batch + 1 : 2 * batch - 1) {
        float[] together = lane.activations(first(pixels, batch, input), batch, layer).values();
        assertThat(Arrays.copyOf(together, alone.length)).as("of %d", batch).isEqualTo(alone);
      }
    }
  }

  private static float[] first(float[] pixels, int samples, InputShape input) {
    return Arrays.copyOf(pixels, samples * input.elements());
  }

  /** What the last layer reads: logits do not saturate. */
  private static String answer(NetworkGraph graph) {
    return graph.vertex(graph.answer()).from();
  }

  @Test
  void itsBitsRepeat() {
    requireInstructions();
    NetworkDefinition network = NetworkRegistry.standard().get("resnet20-cifar");
    Comparison.Result first =
        Comparison.result(network, network.usualInput(), CLASSES, 4, WINOGRAD);
    assertThat(Comparison.result(network, network.usualInput(), CLASSES, 4, WINOGRAD))
        .usingRecursiveComparison()
        .isEqualTo(first);
  }

  @Test
  void aProcessorWithoutTheInstructionsOpensNoEngine() {
    assumeThat(Processor.refusal(ARITHMETIC)).as("what this processor lacks").isPresent();
    NetworkDefinition network = NetworkRegistry.standard().get("lenet5");
    InputShape input = network.usualInput();
    assertThatThrownBy(() -> new LaneNetwork(network, input, CLASSES, 1, WINOGRAD))
        .isInstanceOf(BellowsException.class)
        .hasMessage(Processor.refusal(ARITHMETIC).orElseThrow());
  }

  /** A forecast on a driver of another kind of processor must not fail, nor any shape. */
  @ParameterizedTest
  @ValueSource(strings = {"vgg16", "resnet18", "googlenet", "inception-v3", "deeplab-v1-large-fov"})
  void memoryIsCountedWhateverTheProcessor(String name) {
    NetworkDefinition network = NetworkRegistry.standard().get(name);
    NetworkGraph graph = network.graph(network.usualInput(), CLASSES);
    long direct = OneDnnEngine.planBytes(graph, 16, true, Arithmetic.USUAL);
    assertThat(OneDnnEngine.planBytes(graph, 16, true, ARITHMETIC)).isBetween(direct, 2 * direct);
  }
}
