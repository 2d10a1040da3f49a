// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.ParameterArray;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.NetworkCost;
import org.bellows.models.network.NetworkDefinition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The parameters that each network starts from, and the arrays that they consist of, are those of
 * the release of November 2026: a checkpoint, a model or a published figure of that release means
 * the same network today. {@link #main} writes the pins anew, which is right for a new network; for
 * one that is pinned it makes every older checkpoint of it worthless.
 *
 * <p>Initial parameters do not depend on the processor: ND4J draws them in one order, and its
 * natives are the same on every processor.
 */
class PinnedParametersTest {
  private static final Path PINS = Path.of("src/test/resources/pinned-parameters.txt");
  private static final long SEED = 1;

  /** Larger networks take seconds each. */
  private static final int QUICK_PARAMETERS = 12_000_000;

  /** Of a network for pixels with more, whose backbone others have, only the arrays are pinned. */
  private static final int MOST_DRAWN = 50_000_000;

  private static final NetworkRegistry REGISTRY = NetworkRegistry.standard();

  public static void main(String[] args) throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            # Of each network, at its usual input and number of classes and from seed 1: the SHA-256 of its
            # initial parameters as little-endian floats; then layer by layer, in the flat vector's order, the
            # arrays as NAME=SHAPE, ORDER (c: the last index runs fastest, f: the first), /KIND (w: weight,
            # u: spared of decay, m: running mean, v: running variance, z: does not learn). Written by
            # PinnedParametersTest.main.
            """);
    for (NetworkDefinition network : REGISTRY.all()) {
      text.append(network.name()).append('\n');
      pin(network).forEach(line -> text.append("  ").append(line).append('\n'));
      System.out.println(network.name());
    }
    Files.createDirectories(PINS.getParent());
    Files.writeString(PINS, text);
  }

  static Stream<NetworkDefinition> small() {
    return all()
        .filter(network -> NetworkCost.of(network).trainableParameters() < QUICK_PARAMETERS);
  }

  static Stream<NetworkDefinition> large() {
    return all()
        .filter(network -> NetworkCost.of(network).trainableParameters() >= QUICK_PARAMETERS);
  }

  private static Stream<NetworkDefinition> all() {
    return REGISTRY.all().stream();
  }

  @ParameterizedTest
  @MethodSource("small")
  void startsFromThePinnedParameters(NetworkDefinition network) throws IOException {
    isAsPinned(network);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("large")
  void startsFromThePinnedParametersHoweverManyTheyAre(NetworkDefinition network)
      throws IOException {
    isAsPinned(network);
  }

  @Test
  void everyNetworkIsPinned() throws IOException {
    assertThat(pins().keySet())
        .as("a new network: add its lines with PinnedParametersTest.main")
        .containsExactlyElementsOf(all().map(NetworkDefinition::name).toList());
  }

  private static void isAsPinned(NetworkDefinition network) throws IOException {
    assertThat(pin(network))
        .as("%s, against %s", network.name(), PINS)
        .isEqualTo(pins().get(network.name()));
  }

  /** Network to its lines. */
  private static Map<String, List<String>> pins() throws IOException {
    Map<String, List<String>> pins = new LinkedHashMap<>();
    List<String> current = new ArrayList<>();
    for (String line : Files.readAllLines(PINS)) {
      if (line.startsWith("  ")) {
        current.add(line.strip());
      } else if (!line.startsWith("#")) {
        current = new ArrayList<>();
        pins.put(line, current);
      }
    }
    return pins;
  }

  private static List<String> pin(NetworkDefinition network) {
    NetworkGraph graph = network.graph(network.usualInput(), network.usualClasses());
    List<String> lines = new ArrayList<>();
    boolean isDrawn = !network.isOfPixels() || graph.parameters() < MOST_DRAWN;
    lines.add(
        "%s of %s, %d classes"
            .formatted(
                isDrawn ? sha256(Dl4jGraph.initialParameters(graph, SEED)) : "arrays",
                network.usualInput(),
                network.usualClasses()));
    for (NetworkGraph.Vertex vertex : graph.parameterOrder()) {
      if (!vertex.parameters().isEmpty()) {
        lines.add(
            vertex.parameters().stream()
                .map(PinnedParametersTest::array)
                .collect(Collectors.joining(" ", vertex.name() + " ", "")));
      }
    }
    return lines;
  }

  private static String array(ParameterArray array) {
    String order = array.shape().size() == 1 ? "" : array.shape().size() == 2 ? "f" : "c";
    return "%s=%s%s/%s"
        .formatted(
            array.name(),
            array.shape().stream()
                .map(size -> Long.toString(size))
                .collect(Collectors.joining("x")),
            order,
            letter(array.kind()));
  }

  private static char letter(ParameterKind kind) {
    return switch (kind) {
      case WEIGHT -> 'w';
      case NO_DECAY -> 'u';
      case RUNNING_MEAN -> 'm';
      case RUNNING_VARIANCE -> 'v';
      case FROZEN -> 'z';
    };
  }

  /** In pieces: the largest have 144 million parameters. */
  private static String sha256(float[] parameters) {
    MessageDigest digest = digest();
    int piece = 1 << 20;
    for (int from = 0; from < parameters.length; from += piece) {
      int length = Math.min(piece, parameters.length - from);
      ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(parameters, from, length);
      digest.update(bytes.array());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
