// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.bellows.conf.BellowsException;
import org.bellows.models.graph.Decoders;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Interpolation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.dl4j.Dl4jEngineProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network trained at one size computes pictures of other sizes with the same parameters. */
@Tag("instructions")
class PictureSizesTest {
  private static final InputShape USUAL = new InputShape(3, 16, 16);

  /** Pools, bins, crops and resizes follow the picture's size. */
  private static final NetworkDefinition NETWORK =
      new NetworkDefinition(
          "sizes",
          "none",
          USUAL,
          4,
          8,
          (input, classes) -> {
            LayerDefaults defaults = LayerDefaults.of(Activation.TANH, WeightInitializers.HE);
            NetworkBuilder net = new NetworkBuilder(input, defaults);
            String first = net.convolutionNormActivation("a", Heads.INPUT, Kernel.same(3), 8);
            String pool = net.maxPool("pool", first, Kernel.of(2).stride(2));
            String low = net.convolution("b", pool, Kernel.of(3).padding(2).dilation(2), 12);
            String bins = Decoders.adaptiveAverage(net, "bins", low, 3);
            bins = Decoders.resize(net, "spread", bins, Interpolation.BILINEAR_ALIGNED, low);
            String both = net.merge("both", low, bins);
            String up = Decoders.transposedConvolution(net, "up", both, Kernel.of(4).stride(2), 8);
            up = Decoders.crop(net, "fit", up, first);
            String maps = net.convolution("maps", up, Kernel.of(1), classes);
            return net.build(Heads.softmax(net, net.globalAverage("mean", maps)));
          });

  private static final NetworkDefinition DENSE =
      new NetworkDefinition(
          "dense",
          "none",
          USUAL,
          4,
          8,
          (input, classes) -> {
            LayerDefaults defaults = LayerDefaults.of(Activation.TANH, WeightInitializers.HE);
            NetworkBuilder net = new NetworkBuilder(input, defaults);
            String first = net.convolution("a", Heads.INPUT, Kernel.same(3), 8);
            return net.build(Heads.classifier(net, first, classes, WeightInitializers.HE));
          });

  private static float[] pixels(InputShape picture, int n) {
    SplittableRandom random = new SplittableRandom(4);
    float[] pixels = new float[n * picture.elements()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-1, 1);
    }
    return pixels;
  }

  @ParameterizedTest(name = "{0} x {1}")
  @CsvSource({"16, 16", "17, 16", "24, 33", "40, 9"})
  void isTheNetworkMadeForThatSize(int height, int width) {
    InputShape picture = new InputShape(3, height, width);
    float[] pixels = pixels(picture, 2);
    try (LaneNetwork usual = new LaneNetwork(NETWORK, USUAL, 4, 7);
        LaneNetwork slow =
            new LaneNetwork(NETWORK, USUAL, 4, 7, EngineRequest.named(Dl4jEngineProvider.NAME));
        LaneNetwork torch = new LaneNetwork(NETWORK, USUAL, 4, 7, EngineRequest.named("torch"));
        LaneNetwork made = new LaneNetwork(NETWORK, picture, 4, 7)) {
      float[] parameters = new float[usual.layout().length()];
      usual.readParameters(parameters);
      made.writeParameters(parameters);
      assertThat(made.layout()).isEqualTo(usual.layout());
      LayerOutput maps = usual.activations(pixels, 2, picture, "maps");
      assertThat(maps.shape()).containsExactly(2, 4, height, width);
      assertThat(maps.values()).isEqualTo(made.activations(pixels, 2, "maps").values());
      float[] reference = slow.activations(pixels, 2, picture, "maps").values();
      for (int i = 0; i < reference.length; i++) {
        assertThat(maps.values()[i]).as("value %d", i).isCloseTo(reference[i], within(1e-4f));
      }
      assertThat(torch.activations(pixels, 2, picture, "maps").values())
          .containsExactly(reference, within(1e-4f));
      assertThat(usual.activations(pixels, 2, picture, Heads.OUTPUT).values())
          .as("answers")
          .isEqualTo(made.probabilities(pixels, 2));
    }
  }

  /** Whatever was computed in between, and though plans were let go. */
  @Test
  void theUsualSizeGivesTheSameBitsAfterOthers() {
    float[] pixels = pixels(USUAL, 2);
    try (LaneNetwork network = new LaneNetwork(NETWORK, USUAL, 4, 7)) {
      float[] before = network.probabilities(pixels, 2);
      for (int side = 9; side < 18; side++) {
        InputShape picture = new InputShape(3, side, side + 1);
        network.activations(pixels(picture, 1), 1, picture, "maps");
      }
      assertThat(network.probabilities(pixels, 2)).isEqualTo(before);
    }
  }

  @Test
  void saysWhichParametersDependOnTheSize() {
    InputShape picture = new InputShape(3, 20, 20);
    try (LaneNetwork network = new LaneNetwork(DENSE, USUAL, 4, 7)) {
      assertThatThrownBy(() -> network.activations(pixels(picture, 1), 1, picture, "a"))
          .isInstanceOf(BellowsException.class)
          .hasMessage(
              "a network trained at 3x16x16 cannot read pictures of 3x20x20: parameter output_W has"
                  + " 12800 values there, 8192 here");
    }
  }

  @Test
  void saysThatAPictureIsTooSmall() {
    InputShape picture = new InputShape(3, 1, 20);
    try (LaneNetwork network = new LaneNetwork(NETWORK, USUAL, 4, 7)) {
      assertThatThrownBy(() -> network.activations(pixels(picture, 1), 1, picture, "maps"))
          .isInstanceOf(BellowsException.class)
          .hasMessageStartingWith("there is no network for pictures of 3x1x20: ")
          .hasMessageContaining("pool needs 2 x 2 pixels");
    }
  }
}
