// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.pretrained.ForeignParameter;
import org.bellows.models.pretrained.PretrainedForm;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.models.zoo.PretrainedForms;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The same parameters and picture give the same logits as in PyTorch, computed there in double
 * precision by {@code src/test/python/torch_reference.py}, which says how to make the references
 * again. Parameters are drawn by PyTorch's names, so each must stand in the right place.
 */
@Tag("instructions")
@Tag("once")
class TorchAgreementTest {
  private static final int EVERY = 25;
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** Of the range of the logits: float32 through dozens of layers. */
  private static final double TOLERANCE = 2e-4;

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "mobilenet-v2", "googlenet", "efficientnet-b0"})
  void logitsAgree(String network) throws IOException {
    compare(network);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(
      strings = {"resnet34", "resnet50", "vgg11", "vgg16", "vgg11-bn", "alexnet", "inception-v3"})
  void logitsOfLargeNetworksAgree(String network) throws IOException {
    compare(network);
  }

  private static void compare(String name) throws IOException {
    NetworkDefinition definition = NetworkRegistry.standard().get(name);
    InputShape input = definition.usualInput();
    NetworkGraph network = definition.graph(input, definition.usualClasses());
    float[] parameters = Dl4jGraph.initialParameters(network, 1);
    PretrainedForm form =
        PretrainedForms.of(name).stream().findFirst().orElseGet(() -> PretrainedForm.own(network));
    ForeignParameter.of(network, parameters, form).forEach(TorchAgreementTest::fill);
    ComputationGraph graph = Dl4jGraph.unwritten(network);
    graph.params().assign(Nd4j.createFromArray(parameters));
    double[] expected = reference(name);
    double[] actual = logits(graph, picture(input));
    double range =
        Arrays.stream(expected).max().orElseThrow() - Arrays.stream(expected).min().orElseThrow();
    assertThat(expected).hasSize(actual.length / EVERY);
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(actual[i * EVERY] - expected[i]));
    }
    System.out.printf(
        "%s: largest difference %.1e of the range %.3g%n", name, largest / range, range);
    assertThat(largest).as(name).isLessThan(TOLERANCE * range);
  }

  /** Softmax would lose small ones, so the last layer is computed here from what it is given. */
  private static double[] logits(ComputationGraph graph, INDArray picture) {
    String last = graph.getConfiguration().getVertexInputs().get("output").get(0);
    INDArray features = graph.feedForward(picture, false).get(last).reshape(1, -1);
    INDArray logits =
        features.mmul(graph.getParam("output_W")).addiRowVector(graph.getParam("output_b"));
    return logits.toDoubleVector();
  }

  private static INDArray picture(InputShape input) {
    int length = input.channels() * input.height() * input.width();
    float[] pixels = new float[length];
    long state = seed("picture");
    for (int i = 0; i < length; i++) {
      state += GOLDEN_GAMMA;
      pixels[i] = (float) (2 * uniform(state) - 1);
    }
    return Nd4j.create(
        pixels, new long[] {1, input.channels(), input.height(), input.width()}, 'c');
  }

  private static void fill(ForeignParameter parameter) {
    long[] shape = parameter.shape();
    int length = Math.toIntExact(LongStream.of(shape).reduce(1, (a, b) -> a * b));
    double bound = Math.sqrt(6.0 * shape[0] / length);
    String kind = parameter.parameter().substring(parameter.layer().length() + 1);
    float[] values = new float[length];
    long state = seed(parameter.name());
    for (int i = 0; i < values.length; i++) {
      state += GOLDEN_GAMMA;
      values[i] = (float) value(kind, uniform(state), bound);
    }
    parameter.write(values);
  }

  private static double value(String kind, double u, double bound) {
    return switch (kind) {
      case "W" -> (2 * u - 1) * bound;
      case "gamma", "var" -> 0.5 + u;
      default -> 0.2 * (u - 0.5);
    };
  }

  private static long seed(String name) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }

  /** SplitMix64's finaliser, the upper 53 bits. */
  private static double uniform(long state) {
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return ((z ^ (z >>> 31)) >>> 11) * 0x1p-53;
  }

  private static double[] reference(String network) throws IOException {
    String file = "/org/bellows/models/reference/" + network + ".txt";
    try (InputStream in = TorchAgreementTest.class.getResourceAsStream(file)) {
      assertThat(in).as(file).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .mapToDouble(Double::parseDouble)
          .toArray();
    }
  }
}
