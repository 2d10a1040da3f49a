package org.bellows.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.data.batch.Targets;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.network.NetworkRegistry;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One network of each kind, at a small input, on oneDNN as in DL4J's graph. */
class NetworksAgreeTest {
  private static final int CLASSES = 5;

  private static NetworkDefinition network(String name) {
    return Comparison.withoutDrops(NetworkRegistry.standard().get(name));
  }

  private static InputShape input(String name, int side) {
    return new InputShape(network(name).usualInput().channels(), side, side);
  }

  /**
   * Without BatchNorm, and in shallow networks, gradients agree to 5e-6 or better. The deeper a
   * network with BatchNorm over few values, the more it makes of the rounding, and a value near 0
   * may fall to the other side of a ReLU: there the limits are wide.
   */
  @ParameterizedTest
  @CsvSource({
    "lenet5, 28, 4, 1e-4",
    "lenet5-tanh, 12, 4, 1e-4",
    "resnet20-cifar, 16, 4, 2e-2",
    "alexnet-32, 15, 4, 1e-3",
    "alexnet-32-lrn, 15, 4, 1e-3",
    "alexnet, 63, 2, 1e-3",
    "alexnet-1x224, 67, 2, 1e-3",
    "alexnet-two-group, 63, 2, 1e-3",
    "vgg11, 32, 2, 1e-3",
    "vgg11-bn, 32, 4, 1e-3",
    "plain18, 64, 4, 2e-2",
    "resnet18, 64, 4, 5e-3",
    "resnet50, 64, 4, 5e-2",
    "nin, 39, 2, 1e-3",
    "nin-cifar, 16, 4, 1e-3",
    "googlenet, 79, 2, 1e-3",
    "inception-v3, 75, 4, 0.3",
    "mobilenet-v1-0.25, 64, 4, 1e-3",
    "mobilenet-v2, 64, 4, 1e-3",
    "efficientnet-b0, 64, 4, 1e-3"
  })
  void lossGradientAndProbabilitiesAgree(String name, int side, int samples, double tolerance) {
    Comparison both = Comparison.of(network(name), input(name, side), CLASSES, samples);
    assertThat(both.onednn().loss())
        .isCloseTo(both.dl4j().loss(), within(tolerance * both.dl4j().loss()));
    assertThat(both.gradientError()).isLessThan(tolerance);
    assertThat(both.largestProbabilityError()).isLessThan(1e-3);
  }

  /** d loss / d direction along the gradient is its norm; tanh has no kinks. */
  @Test
  void hasTheGradientThatDifferencesGive() {
    String name = "lenet5-tanh";
    double tolerance = 1e-3;
    InputShape input = input(name, 12);
    int samples = 8;
    float[] pixels = Comparison.pixels(samples * input.elements(), 5);
    float[] targets = Targets.oneHot(Comparison.labels(samples, CLASSES), CLASSES);
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
    for (var segment : lane.layout().segments()) {
      for (int i = segment.offset(); i < segment.end(); i++) {
        if (segment.kind().isTrainable()) {
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
  @CsvSource({"lenet5, 28", "alexnet-32, 16", "efficientnet-b0, 32", "resnet20-cifar, 8"})
  void aLanesBitsDependOnNothingThatCameBefore(String name, int side) {
    NetworkDefinition network = NetworkRegistry.standard().get(name);
    InputShape input = input(name, side);
    try (LaneNetwork one = new LaneNetwork(network, input, CLASSES, 7);
        LaneNetwork other = new LaneNetwork(network, input, CLASSES, 7)) {
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
        .map(FlatLayout.Segment::name)
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
      assertThat(differing(lane, same, one)).isEmpty();
      assertThat(differing(lane, other, one)).isNotEmpty();
    }
  }

  @Test
  void everyRegisteredNetworkIsKnown() {
    List<NetworkDefinition> all = NetworkRegistry.standard().all();
    assertThat(all).hasSizeGreaterThan(30);
    for (NetworkDefinition network : all) {
      InputShape input = input(network.name(), Math.max(32, network.smallestSide()));
      var graph = network.builder().build(input, CLASSES, 1);
      long[] sample = {input.channels(), input.height(), input.width()};
      assertThat(new GraphTranslator(graph, sample, graph.getNetworkOutputs()).nodes())
          .as(network.name())
          .hasSizeGreaterThan(5);
    }
  }

  @Test
  void bothEnginesStartFromTheSameParameters() {
    InputShape input = input("lenet5", 28);
    float[][] parameters = new float[2][];
    for (Settings.StepEngine engine : Settings.StepEngine.values()) {
      try (LaneNetwork lane = new LaneNetwork(network("lenet5"), input, CLASSES, 7, engine)) {
        parameters[engine.ordinal()] = new float[lane.layout().length()];
        lane.readParameters(parameters[engine.ordinal()]);
      }
    }
    assertThat(Arrays.equals(parameters[0], parameters[1])).isTrue();
  }
}
