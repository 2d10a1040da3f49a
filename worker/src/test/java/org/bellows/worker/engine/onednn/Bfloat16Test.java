// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.SplittableRandom;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.InferenceArithmetic;
import org.bellows.worker.engine.onednn.arithmetic.Bfloat16;
import org.bellows.worker.engine.onednn.arithmetic.Processor;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train.precision = bfloat16} beside float32, of which other tests hold the gradients. */
@Tag("instructions")
class Bfloat16Test {
  private static final int CLASSES = 5;
  private static final Arithmetic ARITHMETIC =
      new Arithmetic(TrainSettings.Convolutions.DIRECT, Precision.BFLOAT16);
  private static final EngineRequest BFLOAT16 =
      new EngineRequest(OneDnnEngineProvider.NAME, ARITHMETIC);
  private static final EngineRequest INFERENCE =
      EngineRequest.ofInference(
          OneDnnEngineProvider.NAME,
          new InferenceArithmetic(
              EvaluateSettings.InferenceConvolutions.DIRECT, Precision.BFLOAT16));
  private static final EngineRequest FLOAT32 = EngineRequest.named(OneDnnEngineProvider.NAME);

  /** Between neighbouring numbers of the format, as a share of them. */
  private static final double ROUNDING = Math.scalb(1.0, -7);

  @BeforeEach
  void requireInstructions() {
    NativeLibraries.load();
    assumeThat(Processor.refusal(ARITHMETIC)).as("what this processor lacks").isEmpty();
  }

  private static NetworkDefinition network(String name) {
    return Comparison.withoutDrops(NetworkRegistry.standard().get(name));
  }

  private static InputShape input(NetworkDefinition network, int side) {
    return new InputShape(network.usualInput().channels(), side, side);
  }

  /** A pass: its loss, and the gradient of what is trained. */
  private record Pass(double loss, float[] gradient) {}

  private static Pass pass(LaneNetwork lane, NetworkGraph network, int samples) {
    float[] pixels = Comparison.pixels(samples * network.inputShape().elements(), 5);
    float[] gradient = new float[lane.layout().length()];
    double loss = lane.gradient(pixels, Comparison.targets(network, CLASSES, samples), 1, gradient);
    for (FlatLayout.ParameterSlot slot : lane.layout().segments()) {
      for (int i = slot.offset(); i < slot.end() && !slot.kind().isTrainable(); i++) {
        gradient[i] = 0;
      }
    }
    return new Pass(loss, gradient);
  }

  /**
   * Rounding of maps and weights moves a gradient about as far as a change of each parameter by
   * {@link #ROUNDING} of itself does. A map that is scaled wrongly, or an error that is lost, moves
   * it by its own length. In deeper networks at such sizes either moves it as far.
   */
  @ParameterizedTest
  @CsvSource({
    "lenet5, 28, 16",
    "resnet20-cifar, 32, 8",
    "alexnet-32-lrn, 31, 8",
    "vgg11-bn, 32, 8",
    "googlenet, 79, 4",
    "mobilenet-v2, 64, 8",
    "efficientnet-b0, 64, 8",
    "unet-8, 27, 4",
    "segnet-basic, 21, 4",
    "deeplab-v2-vgg16, 33, 4",
    "deeplab-v3plus-mobilenet-v2, 33, 4"
  })
  void aGradientIsThatOfFloatsButForRounding(String name, int side, int samples) {
    // An unpooling needs its max pool.
    boolean hasMaxima = name.startsWith("segnet");
    NetworkDefinition smooth = hasMaxima ? network(name) : WithoutKinks.of(network(name));
    InputShape input = input(smooth, side);
    NetworkGraph graph = smooth.graph(input, CLASSES);
    try (LaneNetwork floats = new LaneNetwork(smooth, input, CLASSES, 7, FLOAT32);
        LaneNetwork halves = new LaneNetwork(smooth, input, CLASSES, 7, BFLOAT16)) {
      Pass exact = pass(floats, graph, samples);
      Pass rounded = pass(halves, graph, samples);
      double error = Comparison.relativeError(rounded.gradient(), exact.gradient());
      floats.writeParameters(moved(floats));
      double movement =
          Comparison.relativeError(pass(floats, graph, samples).gradient(), exact.gradient());
      assertThat(movement).as("a limit that says something").isLessThan(0.8);
      assertThat(error).as("error of the gradient").isBetween(1e-4, Math.max(0.01, 1.2 * movement));
      assertThat(rounded.loss()).isCloseTo(exact.loss(), within(0.08 * exact.loss()));
    }
  }

  /**
   * What a layer gives in inference, and answers; limits as above. Convolutions have BatchNorms,
   * sums and activations in them there.
   */
  @ParameterizedTest
  @CsvSource({
    "lenet5, 28",
    "resnet20-cifar, 32",
    "alexnet-32-lrn, 31",
    "googlenet, 79",
    "mobilenet-v2, 64",
    "efficientnet-b0, 64",
    "unet-8, 27",
    "deeplab-v3plus-mobilenet-v2, 33"
  })
  void inferenceIsThatOfFloatsButForRounding(String name, int side) {
    NetworkDefinition network = network(name);
    InputShape input = input(network, side);
    NetworkGraph graph = network.graph(input, CLASSES);
    String layer = graph.vertex(graph.answer()).from();
    float[] pixels = Comparison.pixels(3 * input.elements(), 5);
    try (LaneNetwork floats = new LaneNetwork(network, input, CLASSES, 7, FLOAT32);
        LaneNetwork halves = new LaneNetwork(network, input, CLASSES, 0, INFERENCE);
        LaneNetwork others = new LaneNetwork(network, input, CLASSES, 0, INFERENCE)) {
      float[] parameters = new float[floats.layout().length()];
      floats.readParameters(parameters);
      halves.writeParameters(parameters);
      others.writeParameters(parameters);
      float[] exact = floats.activations(pixels, 3, layer).values();
      float[] rounded = halves.activations(pixels, 3, layer).values();
      float[] exactAnswers = floats.probabilities(pixels, 3);
      float[] answers = halves.probabilities(pixels, 3);
      assertThat(answers).isEqualTo(others.probabilities(pixels, 3));
      floats.writeParameters(moved(floats));
      requireClose(rounded, exact, floats.activations(pixels, 3, layer).values());
      requireClose(answers, exactAnswers, floats.probabilities(pixels, 3));
    }
  }

  private static void requireClose(float[] rounded, float[] exact, float[] moved) {
    double movement = Comparison.relativeError(moved, exact);
    assertThat(movement).as("a limit that says something").isLessThan(0.8);
    assertThat(Comparison.relativeError(rounded, exact))
        .as("error beside a movement of %s", movement)
        .isPositive()
        .isLessThan(Math.max(0.01, 1.5 * movement));
  }

  private static float[] moved(LaneNetwork lane) {
    SplittableRandom random = new SplittableRandom(3);
    float[] parameters = new float[lane.layout().length()];
    lane.readParameters(parameters);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] *= (float) (1 + ROUNDING * (2 * random.nextDouble() - 1));
    }
    return parameters;
  }

  /** Every shape that a usual input has. */
  @Tag("slow")
  @Test
  void everyRegisteredNetworkHasAPlan() {
    for (NetworkDefinition network : NetworkRegistry.standard().all()) {
      NetworkGraph graph = network.graph(network.usualInput(), CLASSES);
      assertThat(OneDnnEngine.planBytes(graph, 2, true, ARITHMETIC))
          .as(network.name())
          .isPositive();
    }
  }

  /** Plain gradient descent on one batch. */
  @ParameterizedTest
  @CsvSource({"lenet5, 28, 0.01", "resnet20-cifar, 16, 0.1"})
  void theLossFallsAsWithFloats(String name, int side, double rate) {
    NetworkDefinition network = network(name);
    InputShape input = input(network, side);
    NetworkGraph graph = network.graph(input, CLASSES);
    double[] floats = losses(network, graph, FLOAT32, rate);
    double[] halves = losses(network, graph, BFLOAT16, rate);
    int last = floats.length - 1;
    assertThat(floats[last]).as("it learns").isLessThan(0.7 * floats[0]);
    assertThat(halves[last]).isCloseTo(floats[last], within(0.1 * (floats[0] - floats[last])));
  }

  private static double[] losses(
      NetworkDefinition network, NetworkGraph graph, EngineRequest engine, double rate) {
    int samples = 16;
    double[] losses = new double[12];
    try (LaneNetwork lane = new LaneNetwork(network, graph.inputShape(), CLASSES, 7, engine)) {
      float[] parameters = new float[lane.layout().length()];
      lane.readParameters(parameters);
      for (int step = 0; step < losses.length; step++) {
        Pass pass = pass(lane, graph, samples);
        losses[step] = pass.loss() / samples;
        for (int i = 0; i < parameters.length; i++) {
          parameters[i] -= (float) (rate / samples * pass.gradient()[i]);
        }
        lane.writeParameters(parameters);
      }
    }
    return losses;
  }

  /** Lanes may be computed by any network object, beside another or alone. */
  @Test
  void aLanesBitsRepeat() {
    NetworkDefinition network = NetworkRegistry.standard().get("efficientnet-b0");
    InputShape input = input(network, 32);
    NetworkGraph graph = network.graph(input, CLASSES);
    try (LaneNetwork one = new LaneNetwork(network, input, CLASSES, 7, BFLOAT16);
        LaneNetwork other = new LaneNetwork(network, input, CLASSES, 7, BFLOAT16);
        LaneNetwork floats = new LaneNetwork(network, input, CLASSES, 7, FLOAT32)) {
      Pass first = pass(one, graph, 4);
      pass(other, graph, 2);
      assertThat(pass(other, graph, 4).gradient()).isEqualTo(first.gradient());
      assertThat(pass(one.beside(false), graph, 4).gradient()).isEqualTo(first.gradient());
      float[] pixels = Comparison.pixels(4 * input.elements(), 9);
      assertThat(one.probabilities(pixels, 4))
          .as("inference, which computes in floats")
          .isEqualTo(floats.probabilities(pixels, 4));
    }
  }

  /** Dropout's 1 / p is no number of the format where p is 0.7. */
  @Test
  void roundsToTheNearestAndToTheEvenOne() {
    assertThat(Bfloat16.rounded(1.0f)).isEqualTo(1.0f);
    assertThat(Bfloat16.rounded(1 / 0.7f)).isEqualTo(1.4296875f);
    assertThat(Bfloat16.rounded(1 + Math.scalb(1.0f, -8))).isEqualTo(1.0f);
    assertThat(Bfloat16.rounded(1 + 3 * Math.scalb(1.0f, -8))).isEqualTo(1 + Math.scalb(1.0f, -6));
    assertThat(Bfloat16.rounded(-1 / 3f)).isEqualTo(-0.333984375f);
  }

  @ParameterizedTest
  @CsvSource({"resnet50, 64, 8", "alexnet-32, 32, 8", "efficientnet-b0, 64, 8"})
  void mapsTakeHalfTheMemory(String name, int side, int samples) {
    NetworkDefinition network = NetworkRegistry.standard().get(name);
    NetworkGraph graph = network.graph(input(network, side), CLASSES);
    EngineNetwork initial = EngineNetwork.of(graph, 1);
    float[] gradient = new float[initial.layout().length()];
    try (OneDnnEngine engine = new OneDnnEngine(initial, ARITHMETIC)) {
      long vectors = engine.nativeBytes();
      float[] pixels = new float[samples * graph.inputShape().elements()];
      engine.gradient(pixels, new float[samples * CLASSES], 1, gradient);
      assertThat(engine.nativeBytes() - vectors)
          .as("as forecast")
          .isEqualTo(OneDnnEngine.planBytes(graph, samples, true, ARITHMETIC));
    }
    long floats = OneDnnEngine.planBytes(graph, 64, true, Arithmetic.USUAL);
    long halves = OneDnnEngine.planBytes(graph, 64, true, ARITHMETIC);
    assertThat(halves).isBetween((long) (0.4 * floats), (long) (0.8 * floats));
  }
}
