// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
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
import org.nd4j.linalg.factory.Nd4j;

/** Inference in fewer operations is the same inference. */
@Tag("instructions")
class InferenceFusionTest {
  private static final int CLASSES = 5;
  private static final int SAMPLES = 2;

  /** |one - other| / |other| of a vertex's values; each layer rounds anew. */
  private static final double TOLERANCE = 2e-5;

  /** A network, and it on DL4J with parameters of which each counts. */
  private record Reference(NetworkGraph network, ComputationGraph graph) {
    float[] parameters() {
      return graph.params().dup().data().asFloat();
    }
  }

  private static Reference reference(NetworkGraph network, long seed) {
    NativeLibraries.load();
    ComputationGraph graph = Dl4jGraph.initialised(network, 1);
    float[] parameters = graph.params().dup().data().asFloat();
    SplittableRandom random = new SplittableRandom(seed);
    for (FlatLayout.ParameterSlot slot : FlatLayout.of(network).segments()) {
      for (int i = slot.offset(); i < slot.end(); i++) {
        double drawn = random.nextDouble();
        if (slot.kind() == ParameterKind.RUNNING_VARIANCE || slot.name().endsWith("_gamma")) {
          parameters[i] = (float) (0.5 + drawn);
        } else if (slot.kind() != ParameterKind.WEIGHT) {
          parameters[i] = (float) (0.4 * (drawn - 0.5));
        }
      }
    }
    graph.params().assign(Nd4j.createFromArray(parameters));
    return new Reference(network, graph);
  }

  private static OneDnnEngine compiled(Reference reference, boolean fuses) {
    NetworkGraph network = reference.network();
    return new OneDnnEngine(
        new EngineNetwork(network, FlatLayout.of(network), reference.parameters()),
        Arithmetic.USUAL,
        fuses);
  }

  private static float[] dl4j(Reference reference, float[] pixels, String vertex) {
    InputShape input = reference.network().inputShape();
    long[] shape = {SAMPLES, input.channels(), input.height(), input.width()};
    return reference
        .graph()
        .feedForward(Nd4j.create(pixels, shape, 'c'), false)
        .get(vertex)
        .dup('c')
        .data()
        .asFloat();
  }

  /** Every family that has BatchNorm; what the last layer reads shows more than its answers. */
  @ParameterizedTest
  @CsvSource({
    "resnet20-cifar, 16",
    "plain18, 33",
    "resnet18, 48",
    "resnet50, 40",
    "vgg11-bn, 32",
    "inception-v3, 75",
    "mobilenet-v1-0.25, 33",
    "mobilenet-v2, 48",
    "efficientnet-b0, 40"
  })
  void foldedUnfoldedAndDl4jAgree(String name, int side) {
    InputShape input = new InputShape(3, side, side);
    Reference graph = reference(NetworkRegistry.standard().get(name).graph(input, CLASSES), 3);
    float[] pixels = Comparison.pixels(SAMPLES * input.elements(), 4);
    String last = graph.network().vertex(Heads.OUTPUT).from();
    try (OneDnnEngine folded = compiled(graph, true);
        OneDnnEngine unfolded = compiled(graph, false)) {
      float[] features = folded.activations(pixels, SAMPLES, last);
      assertThat(Comparison.relativeError(features, unfolded.activations(pixels, SAMPLES, last)))
          .as("features, folded against unfolded")
          .isLessThan(TOLERANCE);
      assertThat(Comparison.relativeError(features, dl4j(graph, pixels, last)))
          .as("features, folded against DL4J")
          .isLessThan(TOLERANCE);
      float[] answers = folded.probabilities(pixels, SAMPLES);
      assertThat(Comparison.relativeError(answers, unfolded.probabilities(pixels, SAMPLES)))
          .as("probabilities, folded against unfolded")
          .isLessThan(1e-3);
      assertThat(Comparison.relativeError(answers, dl4j(graph, pixels, Heads.OUTPUT)))
          .as("probabilities, folded against DL4J")
          .isLessThan(1e-3);
    }
  }

  /**
   * The maps of convolutions have the same bits whatever pictures are beside it. With AVX-512 the
   * samples are the depth of one where maps have 16 channels, as those of the first stage have.
   */
  @Test
  void mapsOfAPictureAloneAreThoseAmongOthers() {
    InputShape input = new InputShape(3, 32, 32);
    Reference graph =
        reference(NetworkRegistry.standard().get("resnet20-cifar").graph(input, CLASSES), 3);
    float[] pixels = Comparison.pixels(SAMPLES * input.elements(), 4);
    String ofFirstStage = "stage1-block3-relu";
    try (OneDnnEngine folded = compiled(graph, true)) {
      float[] features = folded.activations(pixels, SAMPLES, ofFirstStage);
      assertThat(Comparison.relativeError(features, dl4j(graph, pixels, ofFirstStage)))
          .as("features of the first stage against DL4J")
          .isLessThan(TOLERANCE);
      for (int i = 0; i < SAMPLES; i++) {
        float[] picture =
            Arrays.copyOfRange(pixels, i * input.elements(), (i + 1) * input.elements());
        int length = features.length / SAMPLES;
        assertThat(folded.activations(picture, 1, ofFirstStage))
            .as("features of picture %d alone", i)
            .containsExactly(Arrays.copyOfRange(features, i * length, (i + 1) * length));
      }
    }
  }

  /** y = gamma (w x + b - mean) / sqrt(variance + epsilon) + beta, worked by hand. */
  @Test
  void foldsAsThePaperSays() {
    InputShape input = new InputShape(1, 1, 1);
    Reference graph = reference(oneConvolution(input), 1);
    double epsilon = 1e-5;
    graph.graph().setParam("c_W", Nd4j.createFromArray(new float[] {2, -1}).reshape(2, 1, 1, 1));
    set(graph, "c_b", 1, 3);
    set(graph, "n_gamma", 0.5f, 4);
    set(graph, "n_beta", 0.25f, -1);
    set(graph, "n_mean", 3, 1);
    set(graph, "n_var", 4, 0.25f);
    try (OneDnnEngine folded = compiled(graph, true)) {
      float[] actual = folded.activations(new float[] {5}, 1, "n");
      double first = 0.5 * (2 * 5 + 1 - 3) / Math.sqrt(4 + epsilon) + 0.25;
      double second = 4 * (-5 + 3 - 1) / Math.sqrt(0.25 + epsilon) - 1;
      assertThat(actual[0]).isCloseTo((float) first, within(1e-5f));
      assertThat(actual[1]).isCloseTo((float) second, within(1e-4f));
      assertThat(folded.activations(new float[] {5}, 1, "c")).containsExactly(11, -2);
    }
  }

  private static void set(Reference graph, String parameter, float... values) {
    graph.graph().setParam(parameter, Nd4j.createFromArray(new float[][] {values}));
  }

  private static NetworkGraph oneConvolution(InputShape input) {
    NetworkBuilder builder = new NetworkBuilder(input, style(Activation.IDENTITY));
    String last = builder.convolution("c", Heads.INPUT, Kernel.of(1), 2);
    last = builder.norm("n", last, 1);
    return builder.build(Heads.classifier(builder, last, CLASSES, WeightInitializers.HE));
  }

  private static LayerDefaults style(Activation activation) {
    return LayerDefaults.of(activation, WeightInitializers.HE).bias(0.1);
  }

  /** A convolution whose output others read, too, keeps it. */
  @Test
  void foldsNothingThatIsReadTwice() {
    InputShape input = new InputShape(3, 6, 5);
    NetworkBuilder builder = new NetworkBuilder(input, style(Activation.IDENTITY));
    String raw = builder.convolution("raw", Heads.INPUT, Kernel.same(3), 6);
    String norm = builder.activation("relu", builder.norm("norm", raw, 1));
    String last = builder.merge("both", norm, raw);
    Reference graph =
        reference(
            builder.build(Heads.classifier(builder, last, CLASSES, WeightInitializers.HE)), 2);
    float[] pixels = Comparison.pixels(SAMPLES * input.elements(), 4);
    try (OneDnnEngine folded = compiled(graph, true)) {
      for (String vertex : List.of("raw", "relu", "both")) {
        assertThat(
                Comparison.relativeError(
                    folded.activations(pixels, SAMPLES, vertex), dl4j(graph, pixels, vertex)))
            .as(vertex)
            .isLessThan(TOLERANCE);
      }
    }
  }

  /**
   * Sums: of two convolutions, over an array that is still needed, in odd channels, of one twice.
   */
  @Test
  void addsOnlyWhereNothingIsLost() {
    InputShape input = new InputShape(3, 6, 5);
    NetworkBuilder builder = new NetworkBuilder(input, style(Activation.IDENTITY));
    String first = builder.convolutionNormActivation("first", Heads.INPUT, Kernel.same(3), 5);
    String one = builder.norm("one-norm", builder.convolution("one", first, Kernel.of(1), 5), 1);
    String sum = builder.activation("sum-relu", builder.add("sum", one, first));
    String left = builder.norm("left-norm", builder.convolution("left", sum, Kernel.same(3), 5), 1);
    String right = builder.convolution("right", sum, Kernel.of(1), 5);
    String both = builder.add("both", left, right);
    String onto = builder.add("onto", builder.convolution("again", both, Kernel.of(1), 5), first);
    String twice = builder.add("twice", onto, onto);
    Reference graph =
        reference(
            builder.build(Heads.classifier(builder, twice, CLASSES, WeightInitializers.HE)), 2);
    float[] pixels = Comparison.pixels(SAMPLES * input.elements(), 4);
    try (OneDnnEngine folded = compiled(graph, true)) {
      for (String vertex : List.of("sum-relu", "both", "onto", "twice", Heads.OUTPUT)) {
        assertThat(
                Comparison.relativeError(
                    folded.activations(pixels, SAMPLES, vertex), dl4j(graph, pixels, vertex)))
            .as(vertex)
            .isLessThan(TOLERANCE);
      }
    }
  }

  @Test
  void foldsANormBehindADenseLayer() {
    InputShape input = new InputShape(1, 4, 4);
    NetworkBuilder builder = new NetworkBuilder(input, style(Activation.IDENTITY));
    String last = builder.activation("a", builder.norm("n", builder.dense("d", Heads.INPUT, 7), 1));
    Reference graph =
        reference(
            builder.build(Heads.classifier(builder, last, CLASSES, WeightInitializers.HE)), 2);
    float[] pixels = Comparison.pixels(SAMPLES * input.elements(), 4);
    try (OneDnnEngine folded = compiled(graph, true)) {
      assertThat(
              Comparison.relativeError(
                  folded.activations(pixels, SAMPLES, "a"), dl4j(graph, pixels, "a")))
          .isLessThan(TOLERANCE);
      assertThat(operations(folded, pixels)).noneMatch(what -> what.startsWith("norm"));
    }
  }

  /** Once for each change of the parameters, and no BatchNorm, sum or activation is left. */
  @Test
  void foldsAnewWhenParametersChange() {
    InputShape input = new InputShape(3, 16, 16);
    Reference graph =
        reference(NetworkRegistry.standard().get("mobilenet-v2").graph(input, CLASSES), 3);
    float[] pixels = Comparison.pixels(SAMPLES * input.elements(), 4);
    try (OneDnnEngine folded = compiled(graph, true)) {
      float[] before = folded.probabilities(pixels, SAMPLES);
      assertThat(operations(folded, pixels))
          .noneMatch(what -> what.matches("(norm|binary|activation|fold) .*"));
      float[] parameters = graph.parameters();
      for (FlatLayout.ParameterSlot slot : FlatLayout.of(graph.network()).segments()) {
        if (slot.name().endsWith("_var")) {
          for (int i = slot.offset(); i < slot.end(); i++) {
            parameters[i] *= 1.5f;
          }
        }
      }
      folded.writeParameters(parameters);
      graph.graph().params().assign(Nd4j.createFromArray(parameters));
      float[] behind = folded.probabilities(pixels, SAMPLES);
      assertThat(Comparison.relativeError(before, behind)).isGreaterThan(1e-3);
      assertThat(Comparison.relativeError(behind, dl4j(graph, pixels, Heads.OUTPUT)))
          .isLessThan(1e-3);
    }
  }

  private static List<String> operations(OneDnnEngine graph, float[] pixels) {
    return graph.profileInference(pixels, 1).orElseThrow().lines().stream()
        .map(StepProfile.Line::what)
        .toList();
  }
}
