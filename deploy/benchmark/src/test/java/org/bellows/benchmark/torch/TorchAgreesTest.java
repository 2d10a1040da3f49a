// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.bellows.models.graph.Decoders;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.Dropout;
import org.bellows.models.layer.Interpolation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.network.RandomBatch;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is timed against each other is the same work: equal parameters, equal results. */
@Tag("integration")
class TorchAgreesTest {
  private static final int CLASSES = 10;
  private static final int SAMPLES = 4;
  private static final long SEED = 7;

  @BeforeAll
  static void setUp() {
    TorchNetwork.setUp(1);
  }

  /** Rounding grows in fifty layers whose BatchNorm sees few values. */
  @ParameterizedTest
  @CsvSource({
    "lenet5, 32, 2e-3",
    "lenet5-tanh, 32, 2e-3",
    "alexnet-32, 32, 2e-3",
    "resnet20-cifar, 32, 2e-3",
    "resnet18, 64, 2e-3",
    "resnet50, 64, 3e-2",
    "vgg11, 32, 2e-3",
    "mobilenet-v2, 64, 2e-2",
    "unet-8, 34, 2e-3",
    "segnet-basic, 32, 2e-3",
    "deeplab-v3-mobilenet-v2, 64, 3e-2"
  })
  void lossGradientAndProbabilitiesAreEqual(String name, int side, double tolerance) {
    NetworkDefinition usual = NetworkRegistry.standard().get(name);
    // Drawn by different generators in either: left out.
    NetworkDefinition network =
        usual.withLayers(layer -> layer instanceof Dropout ? new Dropout(0) : layer);
    compare(network, new InputShape(usual.usualInput().channels(), side, side), tolerance);
  }

  /** A few layers behind a map of 8 channels; gives the last. */
  private interface Layers {
    String behind(NetworkBuilder net, String first);
  }

  /** The layers of networks that answer for each pixel. */
  static Stream<Arguments> decoders() {
    return Stream.of(
        layer("unpool", TorchAgreesTest::unpooled),
        layer("dilated", (n, f) -> n.convolution("x", f, Kernel.of(3).padding(4).dilation(4), 8)),
        layer("bins", (n, f) -> Decoders.adaptiveAverage(n, "x", f, 3)),
        layer(
            "transposed",
            (n, f) -> Decoders.transposedConvolution(n, "x", f, Kernel.of(4).stride(2), 6)),
        layer(
            "kernels", (n, f) -> Decoders.bilinearDeconvolution(n, "x", f, Kernel.of(4).stride(2))),
        layer("crop", (n, f) -> Decoders.crop(n, "x", Heads.INPUT, f, 1, 2)),
        layer("linear", (n, f) -> resized(n, f, Interpolation.BILINEAR)),
        layer("aligned", (n, f) -> resized(n, f, Interpolation.BILINEAR_ALIGNED)),
        layer("nearest", (n, f) -> resized(n, f, Interpolation.NEAREST)),
        layer("frozen", (n, f) -> n.layer("x", new BatchNorm(1e-3, 0.9, 1.3).frozen(), f)));
  }

  private static Arguments layer(String name, Layers layers) {
    return Arguments.of(name, layers);
  }

  private static String unpooled(NetworkBuilder net, String first) {
    Pool pool = new Pool(PoolingType.MAX, Kernel.of(2).stride(2), true);
    net.layer("pool", pool, first);
    return Decoders.unpool(net, "x", net.convolution("c", "pool", Kernel.same(3), 8), "pool");
  }

  private static String resized(NetworkBuilder net, String first, Interpolation kind) {
    return Decoders.resize(net, "x", first, kind, Heads.INPUT);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("decoders")
  void decodersAreEqual(String name, Layers layers) {
    InputShape input = new InputShape(3, 17, 22);
    LayerDefaults defaults = LayerDefaults.of(Activation.TANH, WeightInitializers.HE);
    NetworkDefinition network =
        new NetworkDefinition(
            name,
            "none",
            input,
            CLASSES,
            8,
            (picture, classes) -> {
              NetworkBuilder net = new NetworkBuilder(picture, defaults);
              String first = net.convolution("first", Heads.INPUT, Kernel.same(3).stride(2), 8);
              String last = net.convolution("last", layers.behind(net, first), Kernel.of(3), 9);
              return net.build(Heads.classifier(net, last, classes, WeightInitializers.HE));
            });
    compare(network, input, 2e-3);
  }

  private static void compare(NetworkDefinition network, InputShape input, double tolerance) {
    RandomBatch batch = RandomBatch.of(network.graph(input, CLASSES), CLASSES, SAMPLES);
    try (LaneNetwork lane = new LaneNetwork(network, input, CLASSES, SEED)) {
      FlatLayout layout = lane.layout();
      float[] flat = new float[layout.length()];
      lane.readParameters(flat);
      float[] expected = new float[layout.length()];
      double loss = lane.gradient(batch.pixels(), batch.targets(), 0, expected) / SAMPLES;
      float[] probabilities = lane.probabilities(batch.pixels(), SAMPLES);
      for (TorchFormat format : TorchFormat.values()) {
        try (TorchNetwork torch =
            new TorchNetwork(
                network.graph(input, CLASSES), TorchMode.float32(format), layout, flat)) {
          Tensor images = torch.images(batch.pixels());
          assertThat(torch.probabilities(images))
              .as("probabilities, %s", format)
              .containsExactly(probabilities, within(1e-4f));
          float actual = torch.gradient(images, torch.targets(batch.targets(), SAMPLES));
          assertThat((double) actual).as("loss, %s", format).isEqualTo(loss, within(1e-4 * loss));
          assertGradients(layout, expected, torch.flatGradient(layout), tolerance);
        }
      }
    }
  }

  private static void assertGradients(
      FlatLayout layout, float[] sums, float[] means, double tolerance) {
    List<ParameterSlot> trainable =
        layout.segments().stream().filter(slot -> slot.kind().isTrainable()).toList();
    double largest = 0;
    for (ParameterSlot slot : trainable) {
      largest = Math.max(largest, length(slot, sums) / SAMPLES);
    }
    for (ParameterSlot slot : trainable) {
      double difference = 0;
      double size = 0;
      for (int i = slot.offset(); i < slot.end(); i++) {
        double expected = sums[i] / SAMPLES;
        difference += (means[i] - expected) * (means[i] - expected);
        size += expected * expected;
      }
      assertThat(Math.sqrt(difference))
          .as("difference of the gradients of %s, of length %.3g", slot.name(), Math.sqrt(size))
          // A BatchNorm behind another cancels what its scale does: nearly nothing is left but
          // rounding.
          .isLessThan(tolerance * (Math.sqrt(size) + 1e-3 * largest));
    }
  }

  private static double length(ParameterSlot slot, float[] values) {
    double squares = 0;
    for (int i = slot.offset(); i < slot.end(); i++) {
      squares += (double) values[i] * values[i];
    }
    return Math.sqrt(squares);
  }
}
