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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkCost;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.network.ParameterKind;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

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

  private static final NetworkRegistry REGISTRY = NetworkRegistry.standard();

  public static void main(String[] args) throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            # Of each network, at its usual input and number of classes and from seed 1: the SHA-256 of its
            # initial parameters as little-endian floats; then layer by layer, in the flat vector's order, the
            # arrays as NAME=SHAPE, ORDER (c: the last index runs fastest, f: the first), /KIND (w: weight,
            # u: spared of decay, m: running mean, v: running variance). Written by PinnedParametersTest.main.
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
    ComputationGraph graph =
        new ComputationGraph(
            network.builder().build(network.usualInput(), network.usualClasses(), SEED));
    graph.init();
    try {
      List<String> lines = new ArrayList<>();
      lines.add(
          "%s of %s, %d classes"
              .formatted(sha256(graph.params()), network.usualInput(), network.usualClasses()));
      Map<String, List<String>> layers = new LinkedHashMap<>();
      for (FlatLayout.Segment segment : FlatLayout.of(graph).segments()) {
        layers
            .computeIfAbsent(segment.layer(), layer -> new ArrayList<>())
            .add(array(segment, graph.paramTable().get(segment.name())));
      }
      layers.forEach((layer, arrays) -> lines.add(layer + " " + String.join(" ", arrays)));
      return lines;
    } finally {
      graph.close();
    }
  }

  private static String array(FlatLayout.Segment segment, INDArray array) {
    return "%s=%s%s/%s"
        .formatted(
            segment.name().substring(segment.layer().length() + 1),
            Arrays.stream(array.shape()).mapToObj(Long::toString).collect(Collectors.joining("x")),
            array.rank() == 1 ? "" : array.ordering(),
            letter(segment.kind()));
  }

  private static char letter(ParameterKind kind) {
    return switch (kind) {
      case WEIGHT -> 'w';
      case UNDECAYED -> 'u';
      case RUNNING_MEAN -> 'm';
      case RUNNING_VARIANCE -> 'v';
      case FROZEN -> throw new IllegalStateException("a new network has no frozen parameters");
    };
  }

  /** In pieces: the largest have 144 million parameters. */
  private static String sha256(INDArray parameters) {
    MessageDigest digest = digest();
    long length = parameters.length();
    INDArray flat = parameters.reshape(length);
    int piece = 1 << 20;
    for (long from = 0; from < length; from += piece) {
      float[] floats =
          flat.get(NDArrayIndex.interval(from, Math.min(length, from + piece))).toFloatVector();
      ByteBuffer bytes = ByteBuffer.allocate(4 * floats.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(floats);
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
