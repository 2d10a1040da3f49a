// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.model.TrainedModel;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What ONNX Runtime answers to the exported network is what the network itself answers. */
@Tag("instructions")
class OnnxExportTest {
  private static final int CLASSES = 5;
  private static final double TOLERANCE = 1e-4;

  private static TrainedModel model(String name, InputShape input, int seed) {
    return RandomModels.model(NetworkRegistry.standard().get(name), input, CLASSES, seed);
  }

  /** Logits and probabilities, [samples, classes] each. */
  private record Answers(float[] logits, float[] probabilities) {}

  private static Answers ours(TrainedModel model, float[] pixels, int samples) {
    InputShape input = model.card().input();
    NetworkGraph network =
        NetworkRegistry.standard().get(model.card().network()).graph(input, CLASSES);
    ComputationGraph graph = Dl4jGraph.initialised(network, 0);
    graph.params().assign(Nd4j.createFromArray(model.parameters()));
    INDArray images =
        Nd4j.create(
            pixels, new long[] {samples, input.channels(), input.height(), input.width()}, 'c');
    Map<String, INDArray> outputs = graph.feedForward(images, false);
    String last = network.vertex(Heads.OUTPUT).from();
    INDArray features = outputs.get(last).reshape('c', samples, -1);
    boolean dense = graph.paramTable().containsKey("output_W");
    INDArray logits =
        dense
            ? features.mmul(graph.getParam("output_W")).addiRowVector(graph.getParam("output_b"))
            : features;
    return new Answers(floats(logits), floats(outputs.get(Heads.OUTPUT)));
  }

  private static float[] floats(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  private static byte[] exported(TrainedModel model, boolean fold) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxExport.write(model, fold, out);
    return out.toByteArray();
  }

  private static Answers theirs(byte[] onnx, InputShape input, float[] pixels, int samples)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {samples, input.channels(), input.height(), input.width()};
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(onnx, options);
          OnnxTensor images =
              OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape);
          OrtSession.Result result = session.run(Map.of("image", images))) {
        return new Answers(
            flat((float[][]) result.get("logits").orElseThrow().getValue()),
            flat((float[][]) result.get("probabilities").orElseThrow().getValue()));
      }
    }
  }

  private static float[] flat(float[][] rows) {
    float[] all = new float[rows.length * rows[0].length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * rows[0].length, rows[0].length);
    }
    return all;
  }

  private static double largestDifference(float[] a, float[] b) {
    assertThat(a).hasSameSizeAs(b);
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElse(0);
  }

  private static double range(float[] values) {
    List<Float> sorted = new ArrayList<>();
    for (float value : values) {
      sorted.add(value);
    }
    Collections.sort(sorted);
    return sorted.get(sorted.size() - 1) - sorted.get(0);
  }

  /**
   * @param folds whether BatchNorm is folded into the layer before it; each is compared
   */
  private static void compare(String name, int side, boolean... folds)
      throws IOException, OrtException {
    NetworkDefinition definition = NetworkRegistry.standard().get(name);
    InputShape input = new InputShape(definition.usualInput().channels(), side, side);
    TrainedModel model = model(name, input, 11);
    int samples = 3;
    float[] pixels = RandomModels.pixels(input, samples, 5);
    Answers ours = ours(model, pixels, samples);
    for (boolean fold : folds) {
      Answers theirs = theirs(exported(model, fold), input, pixels, samples);
      double range = range(ours.logits());
      double logits = largestDifference(ours.logits(), theirs.logits()) / range;
      double answers = largestDifference(ours.probabilities(), theirs.probabilities());
      System.out.printf(
          "%s at %d%s: logits %.1e of their range %.3g, probabilities %.1e%n",
          name, side, fold ? ", folded" : "", logits, range, answers);
      assertThat(range).as("range of the logits").isGreaterThan(1e-4);
      assertThat(logits).as("logits, fold %s", fold).isLessThan(TOLERANCE);
      assertThat(answers).as("probabilities, fold %s", fold).isLessThan(TOLERANCE);
    }
  }

  /** One of each family and each kind of layer. */
  @ParameterizedTest
  @CsvSource({
    "lenet5, 28",
    "lenet5-tanh, 13",
    "resnet20-cifar, 16",
    "alexnet-32-lrn, 33",
    "alexnet-two-group, 64",
    "vgg11-bn, 32",
    "plain18, 33",
    "resnet18, 48",
    "resnet50, 32",
    "nin, 40",
    "nin-cifar, 16",
    "nin-cifar, 18",
    "nin-cifar, 19",
    "googlenet, 96",
    "googlenet, 79",
    "inception-v3, 75",
    "mobilenet-v1-0.25, 33",
    "mobilenet-v2, 48",
    "efficientnet-b0, 40"
  })
  void answersTheSameInOnnxRuntime(String name, int side) throws IOException, OrtException {
    compare(name, side, false, true);
  }

  static Stream<NetworkDefinition> all() {
    return NetworkRegistry.standard().all().stream();
  }

  /** Folded: every kind of layer is compared unfolded above. */
  @Tag("slow")
  @ParameterizedTest
  @MethodSource("all")
  void everyNetworkAnswersTheSame(NetworkDefinition network) throws IOException, OrtException {
    compare(network.name(), Math.max(32, network.smallestSide()), true);
  }

  @Test
  void statesItsVersionInputAndCard() throws IOException, OrtException {
    InputShape input = new InputShape(1, 28, 28);
    TrainedModel model = model("lenet5", input, 1);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(exported(model, false))) {
      assertThat(session.getInputInfo().get("image").getInfo().toString())
          .contains("shape=[-1, 1, 28, 28]");
      assertThat(session.getOutputInfo().keySet()).containsExactly("logits", "probabilities");
      assertThat(session.getMetadata().getProducerName()).isEqualTo("Bellows");
      assertThat(session.getMetadata().getCustomMetadata().get("bellows-card"))
          .contains("\"class4\"", "\"lenet5\"");
    }
  }

  @Test
  void foldingLeavesNoBatchNorm() throws IOException {
    TrainedModel model = model("resnet20-cifar", new InputShape(3, 16, 16), 1);
    assertThat(new String(exported(model, false), StandardCharsets.ISO_8859_1))
        .contains("BatchNormalization");
    assertThat(new String(exported(model, true), StandardCharsets.ISO_8859_1))
        .doesNotContain("BatchNormalization");
  }
}
