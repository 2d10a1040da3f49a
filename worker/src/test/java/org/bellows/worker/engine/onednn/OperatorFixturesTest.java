// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.bellows.models.graph.Decoders;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Convolution;
import org.bellows.models.layer.InitialWeights;
import org.bellows.models.layer.Interpolation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.layer.TransposedConvolution;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.dl4j.Dl4jEngineProvider;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.network.LayerOutput;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Layers of networks that answer for each pixel, on both engines, as PyTorch computes them: the
 * numbers are those that {@code operator_reference.py} prints.
 */
@Tag("instructions")
class OperatorFixturesTest {
  private static final float[] SMALL = {1, -2, 0.5f, 3, 4, -1};
  private static final float[] PAIR = {1, -2, 0.5f, 3, 4, -1, 1, -5, 0, 5, 7, -3};
  private static final float[] KERNEL = {1, 2, -1, 0.5f, 3, 0, -2, 1, 4};
  private static final float[] FILTERS = {1, 2, 3, 4, -1, 0, 2, 1, 0.5f, 1, 1.5f, -2, 2, 0, 0, 1};
  private static final float[] TIES = {
    1, 1, 2, 0, 3, 1, 1, 0, 2, 3, 5, 4, 5, 5, -1, 6, 7, 5, 5, -2, 0, 0, 9, 9, -3
  };
  private static final InitialWeights ANY = InitialWeights.normal(1);

  /** Adds the layer "x" behind the image. */
  private interface Put {
    void to(NetworkBuilder net);
  }

  /**
   * @param picture shape of the one picture
   * @param arrays parameters of "x" by name
   */
  private record Case(
      String name,
      InputShape picture,
      float[] pixels,
      Put layer,
      Map<String, float[]> arrays,
      float[] expected) {}

  static Stream<Arguments> cases() {
    List<Case> cases = new ArrayList<>();
    cases.add(
        new Case(
            "transposed, padded",
            new InputShape(1, 2, 3),
            SMALL,
            layer(transposed(1, 1, Kernel.of(3).stride(2).padding(1), false)),
            Map.of("x_W", KERNEL),
            new float[] {3, -1, -6, 0.25f, 1.5f, 7, 9, 6, -14, -1.5f, 9, 2, 12, -0.5f, -3}));
    cases.add(
        new Case(
            "transposed",
            new InputShape(2, 2, 3),
            PAIR,
            layer(transposed(2, 1, Kernel.of(2).stride(2), true)),
            Map.of("x_W", FILTERS, "x_b", new float[] {0.25f, -1}),
            new float[] {
              1.75f, 3.25f, -4.25f, -8.75f, 0.75f, 1.25f, 4.75f, 2.25f, -13.25f, 2.25f, 1.75f,
              2.25f, 5.75f, 11.25f, 7.75f, 15.25f, -2.25f, -4.75f, 16.75f, 2.25f, 22.75f, 2.25f,
              -7.25f, 2.25f, 0, -1, -9, -1, -1.5f, -1, 1, 1, -5, -8, 0, -0.5f, 6, -1, 9, -1, -6, -1,
              5, 7, 7, 10, -3, -5
            }));
    cases.add(
        new Case(
            "transposed depthwise",
            new InputShape(2, 2, 3),
            PAIR,
            layer(transposed(2, 2, Kernel.of(2).stride(2), false)),
            Map.of("x_W", new float[] {1, 2, 3, 4, 0.5f, 1, 1.5f, -2}),
            new float[] {
              1, 2, -2, -4, 0.5f, 1, 3, 4, -6, -8, 1.5f, 2, 3, 6, 4, 8, -1, -2, 9, 12, 12, 16, -3,
              -4, 0.5f, 1, -2.5f, -5, 0, 0, 1.5f, -2, -7.5f, 10, 0, 0, 2.5f, 5, 3.5f, 7, -1.5f, -3,
              7.5f, -10, 10.5f, -14, -4.5f, 6
            }));
    Kernel far = Kernel.of(3).padding(1).dilation(2);
    cases.add(
        new Case(
            "dilated",
            new InputShape(1, 5, 5),
            squares(25),
            layer(new Convolution(1, far, 1, false, Activation.IDENTITY, ANY, 0)),
            Map.of("x_W", KERNEL),
            new float[] {1660, 1442.5f, 22, 2913, 2462, 233.5f, 776, 1021.5f, 1264}));
    cases.add(
        new Case(
            "bins",
            new InputShape(1, 5, 7),
            squares(35),
            net -> Decoders.adaptiveAverage(net, "x", Heads.INPUT, 3),
            Map.of(),
            new float[] {
              33.16667f, 55.16667f, 85.16666f, 258.3333f, 322.3333f, 394.3333f, 663.1667f,
              769.1667f, 883.1667f
            }));
    cases.add(
        unpooled(
            true,
            new float[] {
              1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 0, 0, 5, 0, -1, 0, 7, 0, 0, 0, 0, 0, 9, 0, -3
            }));
    cases.add(
        unpooled(
            false,
            new float[] {
              1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0
            }));
    resizes(cases);
    return cases.stream().map(Arguments::of);
  }

  private static void resizes(List<Case> cases) {
    cases.add(
        up(
            Interpolation.BILINEAR,
            new float[] {
              1, -0.875f, -1.0625f, 0.5f, 1.2f, -0.425f, -0.74375f, 0.35f, 2, 1.375f, 0.53125f,
              -0.25f, 2.8f, 3.175f, 1.80625f, -0.85f, 3, 3.625f, 2.125f, -1
            }));
    cases.add(
        up(
            Interpolation.BILINEAR_ALIGNED,
            new float[] {
              1,
              -1,
              -1.166667f,
              0.5f,
              1.5f,
              0.1666667f,
              -0.2916666f,
              0.125f,
              2,
              1.333333f,
              0.5833333f,
              -0.25f,
              2.5f,
              2.5f,
              1.458333f,
              -0.625f,
              3,
              3.666667f,
              2.333333f,
              -1
            }));
    cases.add(
        up(
            Interpolation.NEAREST,
            new float[] {
              1, 1, -2, 0.5f, 1, 1, -2, 0.5f, 1, 1, -2, 0.5f, 3, 3, 4, -1, 3, 3, 4, -1
            }));
    cases.add(
        down(
            Interpolation.BILINEAR,
            new float[] {6.166667f, 20.33333f, 74.50001f, 122, 226.1667f, 307}));
    cases.add(down(Interpolation.BILINEAR_ALIGNED, new float[] {0, 16, 62.5f, 138.5f, 225, 361}));
    cases.add(down(Interpolation.NEAREST, new float[] {0, 4, 25, 49, 100, 144}));
  }

  /** 2 x 3 to 5 x 4. */
  private static Case up(Interpolation kind, float[] expected) {
    return resized(kind, new InputShape(1, 2, 3), SMALL, expected, 5, 4);
  }

  /** 4 x 5 to 3 x 2. */
  private static Case down(Interpolation kind, float[] expected) {
    return resized(kind, new InputShape(1, 4, 5), squares(20), expected, 3, 2);
  }

  /** To the size of a map that is not used for anything else. */
  private static Case resized(
      Interpolation kind,
      InputShape picture,
      float[] pixels,
      float[] expected,
      int height,
      int width) {
    Put put =
        net -> {
          String wide = net.convolution("wide", Heads.INPUT, Kernel.of(1).padding(3), 1);
          Kernel cut =
              new Kernel(picture.height() + 7 - height, picture.width() + 7 - width, 1, 0, 0);
          Decoders.resize(net, "x", Heads.INPUT, kind, net.maxPool("size", wide, cut));
        };
    return new Case(kind + " of " + picture, picture, pixels, put, Map.of(), expected);
  }

  private static Case unpooled(boolean roundsUp, float[] expected) {
    Put put =
        net -> {
          Pool pool = new Pool(PoolingType.MAX, Kernel.of(2).stride(2), roundsUp);
          net.layer("pool", pool, Heads.INPUT);
          Decoders.unpool(net, "x", "pool", "pool");
        };
    return new Case(
        "unpooled, up " + roundsUp, new InputShape(1, 5, 5), TIES, put, Map.of(), expected);
  }

  private static Put layer(Layer layer) {
    return net -> net.layer("x", layer, Heads.INPUT);
  }

  private static TransposedConvolution transposed(
      int channels, int groups, Kernel kernel, boolean hasBias) {
    return new TransposedConvolution(
        channels, kernel, groups, hasBias, Activation.IDENTITY, ANY, true, 0);
  }

  private static float[] squares(int count) {
    float[] squares = new float[count];
    for (int i = 0; i < count; i++) {
      squares[i] = (float) i * i;
    }
    return squares;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void computesWhatPyTorchDoes(Case example) {
    NetworkDefinition network =
        new NetworkDefinition(
            "fixture",
            "none",
            example.picture(),
            2,
            1,
            (input, classes) -> {
              LayerDefaults defaults = LayerDefaults.of(Activation.IDENTITY, WeightInitializers.HE);
              NetworkBuilder net = new NetworkBuilder(input, defaults);
              example.layer().to(net);
              String mean = net.globalAverage("mean", "x");
              return net.build(Heads.classifier(net, mean, classes, WeightInitializers.HE));
            });
    for (String engine : List.of("onednn", "torch", Dl4jEngineProvider.NAME)) {
      try (LaneNetwork lane =
          new LaneNetwork(network, example.picture(), 2, 3, EngineRequest.named(engine))) {
        write(lane, example.arrays());
        LayerOutput output = lane.activations(example.pixels(), 1, "x");
        assertThat(output.values())
            .as("%s on %s, %s", example.name(), engine, output.shape())
            .containsExactly(example.expected(), Offset.offset(1e-3f));
      }
    }
  }

  private static void write(LaneNetwork lane, Map<String, float[]> arrays) {
    float[] flat = new float[lane.layout().length()];
    lane.readParameters(flat);
    int written = 0;
    for (FlatLayout.ParameterSlot slot : lane.layout().segments()) {
      float[] array = arrays.get(slot.name());
      if (array != null) {
        assertThat(array).as(slot.name()).hasSize(slot.length());
        System.arraycopy(array, 0, flat, slot.offset(), array.length);
        written++;
      }
    }
    assertThat(written).as("arrays").isEqualTo(arrays.size());
    lane.writeParameters(flat);
  }
}
