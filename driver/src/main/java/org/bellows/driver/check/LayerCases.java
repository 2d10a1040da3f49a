// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.bellows.conf.text.ValueText;
import org.bellows.models.graph.Decoders;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.ChannelRange;
import org.bellows.models.layer.ChannelScale;
import org.bellows.models.layer.Interpolation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.layer.Scale;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.layer.ZeroPadding;
import org.bellows.models.network.NetworkDefinition;

/**
 * A small network for each kind of layer: a convolution before it and one behind. With tanh, so
 * that no rounding puts a value on the other side of a kink.
 */
final class LayerCases {
  static final InputShape INPUT = new InputShape(3, 19, 17);
  private static final int CLASSES = 4;
  private static final int SAMPLES = 3;
  private static final int MAPS = 16;

  /** DL4J draws which units it drops from numbers of its own. */
  private static final String OWN_DRAWS = "dl4j";

  private LayerCases() {}

  /** A few layers from a vertex on; gives the last. */
  private interface Layers extends BiFunction<NetworkBuilder, String, String> {}

  /**
   * @param engines by name, those that must agree
   */
  static List<CheckCase> all(List<String> engines) {
    List<CheckCase> cases = new ArrayList<>();
    plain(cases);
    sizes(cases);
    add(cases, "softmax head", LayerCases::averaged);
    if (!engines.contains(OWN_DRAWS)) {
      add(cases, "dropout", (s, from) -> s.dropout("x", from, 0.5));
      add(cases, "stochastic depth", (s, from) -> s.layer("x", new StochasticDepth(0.5), from));
    }
    return cases;
  }

  private static void plain(List<CheckCase> cases) {
    add(cases, "convolution", (s, from) -> s.convolution("x", from, Kernel.of(3).stride(2), 5));
    add(cases, "point convolution", (s, from) -> s.convolution("x", from, Kernel.of(1), 24));
    add(
        cases,
        "dilated convolution",
        (s, from) -> s.convolution("x", from, Kernel.of(3).padding(2).dilation(2), 8));
    add(
        cases,
        "grouped convolution",
        (s, from) -> s.groupedConvolution("x", from, Kernel.same(3), MAPS, style()));
    add(
        cases,
        "depthwise convolution",
        (s, from) -> s.depthwiseNormActivation("x", from, Kernel.same(3)));
    add(cases, "batch norm", (s, from) -> s.norm("x", from, 1.5));
    add(
        cases,
        "frozen batch norm",
        (s, from) -> s.layer("x", new BatchNorm(1e-3, 0.9, 1.5).frozen(), from));
    add(cases, "response norm", (s, from) -> s.responseNorm("x", from, 2, 1e-2));
    add(cases, "max pool", (s, from) -> s.maxPool("x", from, Kernel.of(3).stride(2).padding(1)));
    add(cases, "average pool", (s, from) -> s.pool("x", from, PoolingType.AVG, Kernel.same(3)));
    for (Activation activation : Activation.values()) {
      if (activation != Activation.IDENTITY) {
        add(cases, activation.toString(), (s, from) -> s.activation("x", from, activation));
      }
    }
    add(cases, "sum", (s, from) -> s.add("x", from, s.norm("n", from, 1)));
    add(cases, "two readers", LayerCases::readTwice);
    add(
        cases,
        "concatenation",
        (s, from) -> s.merge("x", from, s.convolution("c", from, Kernel.of(1), 5)));
    add(cases, "channel range", (s, from) -> s.layer("x", new ChannelRange(3, 7), from));
    add(cases, "scale", (s, from) -> s.layer("x", new Scale(0.5), from));
    add(cases, "channel scale", LayerCases::gate);
  }

  private static void sizes(List<CheckCase> cases) {
    add(
        cases,
        "transposed convolution",
        (s, from) -> Decoders.transposedConvolution(s, "x", from, Kernel.of(4).stride(2), 6));
    add(cases, "zero padding", (s, from) -> s.layer("x", new ZeroPadding(1, 2, 0, 3), from));
    add(cases, "crop", (s, from) -> Decoders.crop(s, "x", from, small(s, from), 3, 2));
    for (Interpolation kind : Interpolation.values()) {
      add(
          cases,
          "resizing, " + ValueText.name(kind),
          (s, from) -> Decoders.resize(s, "x", small(s, from), kind, from));
    }
    add(cases, "adaptive average", (s, from) -> Decoders.adaptiveAverage(s, "x", from, 3));
    add(cases, "unpool", LayerCases::unpooled);
  }

  /** The second reader of a map must leave it as it is: the first needs it in its backward pass. */
  private static String readTwice(NetworkBuilder s, String from) {
    String norm = s.norm("n", from, 1);
    String other = s.convolution("c", norm, Kernel.of(1), MAPS);
    return s.add("x", other, s.activation("a", norm, Activation.TANH));
  }

  private static String gate(NetworkBuilder s, String from) {
    String scales = s.dense("scales", s.globalAverage("mean", from), s.channels(from));
    return s.layer("x", new ChannelScale(), from, scales);
  }

  /** As in Network in Network: a map of each class, and the mean of it. */
  private static String averaged(NetworkBuilder s) {
    String maps = s.convolution("maps", Heads.INPUT, Kernel.same(3), CLASSES);
    return Heads.softmax(s, s.globalAverage("mean", maps));
  }

  private static String small(NetworkBuilder s, String from) {
    return s.maxPool("small", from, Kernel.of(3).stride(2));
  }

  private static String unpooled(NetworkBuilder s, String from) {
    Pool pool = new Pool(PoolingType.MAX, Kernel.of(2).stride(2), true);
    s.layer("pool", pool, from);
    return Decoders.unpool(s, "x", s.convolution("c", "pool", Kernel.same(3), MAPS), "pool");
  }

  private static LayerDefaults style() {
    return LayerDefaults.of(Activation.TANH, WeightInitializers.HE).bias(0.1);
  }

  private static void add(List<CheckCase> cases, String name, Layers layers) {
    add(
        cases,
        name,
        builder -> {
          String first = builder.convolution("first", Heads.INPUT, Kernel.same(3), MAPS);
          String last = layers.apply(builder, first);
          last = builder.convolution("last", last, Kernel.same(3), 8);
          last = builder.dense("dense", last, 12);
          return Heads.classifier(builder, last, CLASSES, WeightInitializers.HE);
        });
  }

  /**
   * @param layers give the head
   */
  private static void add(
      List<CheckCase> cases, String name, Function<NetworkBuilder, String> layers) {
    NetworkDefinition network =
        new NetworkDefinition(
            name,
            "none",
            INPUT,
            CLASSES,
            1,
            (input, classes) -> {
              NetworkBuilder builder = new NetworkBuilder(input, style());
              return builder.build(layers.apply(builder));
            });
    cases.add(new CheckCase(name, network, INPUT, CLASSES, SAMPLES));
  }
}
