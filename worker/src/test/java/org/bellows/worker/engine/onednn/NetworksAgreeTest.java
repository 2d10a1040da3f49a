// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bellows.data.batch.ClassTargets;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.Support;
import org.bellows.worker.engine.dl4j.Dl4jEngineProvider;
import org.bellows.worker.engine.torch.TorchEngineProvider;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One network of each kind, at a small input, on oneDNN, on PyTorch and in DL4J's graph, beside the
 * same in double precision. How far an engine may be from that is reckoned in each case, not what
 * one processor gave: another has other instructions and another order of sums.
 */
@Tag("instructions")
class NetworksAgreeTest {
  private static final int CLASSES = 5;
  private static final List<String> ENGINES =
      List.of(OneDnnEngineProvider.NAME, TorchEngineProvider.NAME, Dl4jEngineProvider.NAME);

  /** Four times the rounding of a float. */
  private static final double ROUNDING = Math.scalb(1.0, -22);

  /** Of a probability of 1. */
  private static final double FLOAT_ROUNDING = Math.scalb(1.0, -23);

  private static NetworkDefinition network(String name) {
    return Comparison.withoutDrops(NetworkRegistry.standard().get(name));
  }

  private static InputShape input(String name, int side) {
    return new InputShape(network(name).usualInput().channels(), side, side);
  }

  /**
   * Rounding of an engine's sums moves a gradient about as far as a change of each parameter by
   * {@link #ROUNDING} of itself does (measured: 0.6 to 10 times as far, on AVX2 and on AVX-512). A
   * layer, a connection or a scale that is wrong moves it by a tenth and more.
   *
   * <p>A network all of whose layers and connections another of its family has is not listed: vgg11
   * (vgg11-bn, alexnet), plain18 (resnet18) and alexnet-1x224 (alexnet, lenet5).
   */
  @ParameterizedTest
  @CsvSource({
    "lenet5, 28, 4",
    "lenet5-tanh, 12, 4",
    "resnet20-cifar, 16, 4",
    "alexnet-32, 15, 4",
    "alexnet-32-lrn, 15, 4",
    "alexnet, 63, 2",
    "alexnet-two-group, 63, 2",
    "vgg11-bn, 32, 4",
    "resnet18, 64, 4",
    "nin, 39, 2",
    "nin-cifar, 16, 4",
    "googlenet, 79, 2",
    "mobilenet-v1-0.25, 64, 4",
    "mobilenet-v2, 64, 4",
    "efficientnet-b0, 64, 4",
    "unet-8, 27, 4",
    "deeplab-v3-mobilenet-v2, 33, 4",
    "deeplab-v3plus-mobilenet-v2, 33, 4"
  })
  void withoutKinksAGradientIsTheTrueOneButForRounding(String name, int side, int samples) {
    EngineNetwork initial =
        Comparison.initial(WithoutKinks.of(network(name)), input(name, side), CLASSES);
    try (DoubleReference reference = new DoubleReference(initial, CLASSES, samples)) {
      DoubleReference.Sensitivity limit = reference.sensitivity(ROUNDING, 1).times(30);
      assertThat(limit.gradient()).isLessThan(0.02);
      agree(initial, samples, reference.result(), limit);
    }
  }

  /**
   * As users train them. A unit whose argument is next to the kink of its ReLU, or two that are
   * next to equal in a max pool, may go to the other side by rounding. So the limit is what happens
   * to the true gradient where far more of them do: when each parameter moves 64 times as far.
   */
  @ParameterizedTest
  @CsvSource({
    "lenet5, 28, 4",
    "resnet20-cifar, 16, 4",
    "alexnet-32-lrn, 15, 4",
    "nin-cifar, 16, 4",
    "googlenet, 79, 2",
    "mobilenet-v1-0.25, 64, 4",
    "mobilenet-v2, 64, 4",
    "unet-8, 27, 4",
    "segnet-basic, 21, 2"
  })
  void withKinksAGradientIsAsNearAsRoundingLetsItBe(String name, int side, int samples) {
    EngineNetwork initial = Comparison.initial(network(name), input(name, side), CLASSES);
    try (DoubleReference reference = new DoubleReference(initial, CLASSES, samples)) {
      DoubleReference.Sensitivity limit =
          reference.sensitivity(64 * ROUNDING, 1).max(reference.sensitivity(64 * ROUNDING, 2));
      assertThat(limit.gradient()).isLessThan(0.3);
      agree(initial, samples, reference.result(), limit);
    }
  }

  /** One of each family that is not above, as its networks are large. */
  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "resnet50, 64, 4",
    "inception-v3, 75, 4",
    "unet-valid, 188, 1",
    "fcn-resnet50, 33, 2",
    "pspnet-resnet50, 49, 3",
    "deeplab-v2-vgg16, 33, 2"
  })
  void inLargeNetworksAGradientIsTheTrueOneButForRounding(String name, int side, int samples) {
    withoutKinksAGradientIsTheTrueOneButForRounding(name, side, samples);
  }

  /** One engine after the other: a gradient of doubles has up to 400 MB. */
  private static void agree(
      EngineNetwork initial,
      int samples,
      Comparison.Result truth,
      DoubleReference.Sensitivity limit) {
    for (String engine : ENGINES) {
      Comparison.Result result =
          Comparison.result(initial, CLASSES, samples, EngineRequest.named(engine));
      assertThat(result.loss())
          .as("loss, %s", engine)
          .isCloseTo(truth.loss(), within(1e-4 * truth.loss()));
      assertThat(result.gradientError(truth))
          .as("error of the gradient, %s", engine)
          .isLessThan(limit.gradient());
      assertThat(result.largestProbabilityError(truth))
          .as("error of the probabilities, %s", engine)
          .isLessThan(limit.probabilities() + FLOAT_ROUNDING);
    }
  }

  /** d loss / d direction along the gradient is its norm; tanh has no kinks. */
  @Test
  void hasTheGradientThatDifferencesGive() {
    String name = "lenet5-tanh";
    double tolerance = 1e-3;
    InputShape input = input(name, 12);
    int samples = 8;
    float[] pixels = Comparison.pixels(samples * input.elements(), 5);
    float[] targets = ClassTargets.oneHot(Comparison.labels(samples, CLASSES), CLASSES);
    try (LaneNetwork lane = new LaneNetwork(network(name), input, CLASSES, 7)) {
      int length = lane.layout().length();
      float[] parameters = new float[length];
      float[] gradient = new float[length];
      lane.readParameters(parameters);
      lane.gradient(pixels, targets, 1, gradient);
      double square = squareOfTrained(lane, gradient);
      // The loss changes by 0.01 each way: much more than its rounding, and still nearly straight.
      double step = 0.01 / square;
      double up = lossAt(lane, parameters, gradient, step, pixels, targets);
      double down = lossAt(lane, parameters, gradient, -step, pixels, targets);
      assertThat((up - down) / (2 * step)).isCloseTo(square, within(tolerance * square));
    }
  }

  private static double squareOfTrained(LaneNetwork lane, float[] gradient) {
    double square = 0;
    for (var slot : lane.layout().segments()) {
      for (int i = slot.offset(); i < slot.end(); i++) {
        if (slot.kind().isTrainable()) {
          square += (double) gradient[i] * gradient[i];
        } else {
          gradient[i] = 0;
        }
      }
    }
    return square;
  }

  private static double lossAt(
      LaneNetwork lane,
      float[] parameters,
      float[] direction,
      double step,
      float[] pixels,
      float[] targets) {
    float[] moved = parameters.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += (float) (step * direction[i]);
    }
    lane.writeParameters(moved);
    return lane.gradient(pixels, targets, 1, new float[moved.length]);
  }

  /** Lanes may come in any order, on any network object, between passes of other sizes. */
  @ParameterizedTest
  @CsvSource({
    "onednn, lenet5, 28",
    "onednn, alexnet-32, 16",
    "onednn, efficientnet-b0, 32",
    "onednn, resnet20-cifar, 8",
    "torch, alexnet-32, 16",
    "torch, efficientnet-b0, 32"
  })
  void aLanesBitsDependOnNothingThatCameBefore(String engine, String name, int side) {
    NetworkDefinition network = NetworkRegistry.standard().get(name);
    InputShape input = input(name, side);
    EngineRequest asked = EngineRequest.named(engine);
    try (LaneNetwork one = new LaneNetwork(network, input, CLASSES, 7, asked);
        LaneNetwork other = new LaneNetwork(network, input, CLASSES, 7, asked)) {
      float[] first = gradient(one, input, 4, 1);
      float[] second = gradient(one, input, 4, 2);
      assertThat(differing(one, first, second)).isNotEmpty();
      one.probabilities(Comparison.pixels(3 * input.elements(), 9), 3);
      gradient(other, input, 2, 3);
      assertThat(differing(one, gradient(other, input, 4, 2), second)).isEmpty();
      assertThat(differing(one, gradient(one, input, 4, 1), first)).isEmpty();
      assertThat(differing(one, gradient(other, input, 4, 1), first)).isEmpty();
    }
  }

  /** Names of the parameter arrays whose gradients differ in a bit. */
  private static List<String> differing(LaneNetwork lane, float[] one, float[] other) {
    return lane.layout().segments().stream()
        .filter(s -> !Arrays.equals(one, s.offset(), s.end(), other, s.offset(), s.end()))
        .map(FlatLayout.ParameterSlot::name)
        .toList();
  }

  private static float[] gradient(LaneNetwork lane, InputShape input, int n, long lanesSeed) {
    float[] gradient = new float[lane.layout().length()];
    lane.gradient(
        Comparison.pixels(n * input.elements(), lanesSeed),
        Comparison.labels(n, CLASSES),
        lanesSeed,
        gradient);
    return gradient;
  }

  @Test
  void dropsTheSameFromTheSameSeedOnly() {
    InputShape input = input("alexnet-32", 16);
    float[] pixels = Comparison.pixels(4 * input.elements(), 1);
    int[] labels = Comparison.labels(4, CLASSES);
    try (LaneNetwork lane =
        new LaneNetwork(NetworkRegistry.standard().get("alexnet-32"), input, CLASSES, 7)) {
      float[] one = new float[lane.layout().length()];
      float[] same = one.clone();
      float[] other = one.clone();
      lane.gradient(pixels, labels, 3, one);
      lane.gradient(pixels, labels, 3, same);
      lane.gradient(pixels, labels, 4, other);
      assertThat(differing(lane, one, same)).isEmpty();
      assertThat(differing(lane, one, other)).isNotEmpty();
    }
  }

  /** With ReLU and max pools the gradients would differ where a unit is next to 0. */
  @ParameterizedTest
  @CsvSource({"alexnet-32, 16", "efficientnet-b0, 32"})
  void oneDnnAndTorchDropTheSame(String name, int side) {
    NetworkDefinition dropping = WithoutKinks.of(NetworkRegistry.standard().get(name));
    InputShape input = input(name, side);
    Comparison.Result torch =
        Comparison.result(
            dropping, input, CLASSES, 4, EngineRequest.named(TorchEngineProvider.NAME));
    Comparison.Result onednn =
        Comparison.result(
            dropping, input, CLASSES, 4, EngineRequest.named(OneDnnEngineProvider.NAME));
    Comparison.Result whole =
        Comparison.result(
            Comparison.withoutDrops(dropping),
            input,
            CLASSES,
            4,
            EngineRequest.named(OneDnnEngineProvider.NAME));
    assertThat(torch.gradientError(onednn)).isLessThan(1e-2);
    assertThat(whole.gradientError(onednn)).isGreaterThan(0.1);
  }

  @Test
  void everyRegisteredNetworkIsKnown() {
    List<NetworkDefinition> all = NetworkRegistry.standard().all();
    assertThat(all).hasSizeGreaterThan(30);
    for (NetworkDefinition network : all) {
      InputShape input = input(network.name(), Math.max(32, network.smallestSide()));
      NetworkGraph graph = network.graph(input, CLASSES);
      for (StepEngineProvider engine :
          List.of(new OneDnnEngineProvider(), new TorchEngineProvider())) {
        assertThat(engine.supports(graph))
            .as("%s on %s", network.name(), engine.name())
            .isEqualTo(Support.yes());
      }
    }
  }

  @Test
  void allEnginesStartFromTheSameParameters() {
    InputShape input = input("lenet5", 28);
    List<float[]> parameters = new ArrayList<>();
    for (String engine :
        List.of(OneDnnEngineProvider.NAME, TorchEngineProvider.NAME, Dl4jEngineProvider.NAME)) {
      try (LaneNetwork lane =
          new LaneNetwork(network("lenet5"), input, CLASSES, 7, EngineRequest.named(engine))) {
        float[] ofEngine = new float[lane.layout().length()];
        lane.readParameters(ofEngine);
        parameters.add(ofEngine);
      }
    }
    assertThat(parameters.get(0)).isEqualTo(parameters.get(1)).isEqualTo(parameters.get(2));
  }
}
