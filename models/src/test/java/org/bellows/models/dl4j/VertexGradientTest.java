// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bellows.models.layer.Interpolation.BILINEAR;
import static org.bellows.models.layer.Interpolation.BILINEAR_ALIGNED;
import static org.bellows.models.layer.Interpolation.NEAREST;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bellows.models.graph.Decoders;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.ChannelRange;
import org.bellows.models.layer.ChannelScale;
import org.bellows.models.layer.Convolution;
import org.bellows.models.layer.InitialWeights;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LocalResponseNorm;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.layer.TransposedConvolution;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.network.NumericalGradient;
import org.bellows.models.zoo.NetworkRegistry;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Each vertex that is ours, alone between two smooth layers, in double precision: the first layer's
 * weights only learn through it.
 */
@Tag("integration")
class VertexGradientTest {
  private static final int SAMPLES = 5;
  private static final int CHANNELS = 7;
  private static final LayerDefaults SMOOTH =
      LayerDefaults.of(Activation.TANH, WeightInitializers.XAVIER);

  /** A vertex put behind "conv", [n, 7, 4, 5]. */
  private interface Put {
    String behind(NetworkBuilder builder, String conv);
  }

  static Stream<Arguments> layers() {
    return Stream.of(
        layer("range", (s, conv) -> s.layer("vertex", new ChannelRange(2, 3), conv)),
        layer(
            "channel scale",
            (s, conv) -> {
              String gate = s.dense("gate", s.globalAverage("mean", conv), CHANNELS);
              return s.layer("vertex", new ChannelScale(), conv, gate);
            }),
        layer("LRN", (s, conv) -> s.layer("vertex", new LocalResponseNorm(1, 0.5), conv)),
        layer("stochastic depth", (s, conv) -> s.layer("vertex", new StochasticDepth(0.6), conv)),
        layer("crop", (s, conv) -> Decoders.crop(s, "vertex", conv, small(s), 1, 2)),
        layer("central crop", (s, conv) -> Decoders.crop(s, "vertex", conv, small(s))),
        layer("bilinear", (s, conv) -> Decoders.resize(s, "vertex", conv, BILINEAR, 1.7)),
        layer("aligned", (s, conv) -> Decoders.resize(s, "vertex", conv, BILINEAR_ALIGNED, 2)),
        layer("to a map", (s, conv) -> Decoders.resize(s, "vertex", conv, BILINEAR, small(s))),
        layer("nearest", (s, conv) -> Decoders.resize(s, "vertex", conv, NEAREST, 1.5)),
        layer("bins", (s, conv) -> Decoders.adaptiveAverage(s, "vertex", conv, 3)),
        layer("unpool", VertexGradientTest::unpooled),
        layer(
            "depthwise",
            (s, conv) ->
                s.layer("vertex", transposed(CHANNELS, CHANNELS, Kernel.of(3).stride(2)), conv)),
        layer("depthwise dilated", (s, conv) -> depthwise(s, conv, new Kernel(2, 3, 1, 1, 2, 2))),
        layer("depthwise strided", (s, conv) -> depthwise(s, conv, new Kernel(3, 3, 2, 2, 2, 2))),
        layer(
            "transposed",
            (s, conv) -> s.layer("vertex", transposed(4, 1, Kernel.of(4).stride(2)), conv)),
        layer(
            "activation beside its input",
            (s, conv) -> s.add("vertex", s.activation("act", conv, Activation.SWISH), conv)),
        layer(
            "frozen norm",
            (s, conv) -> s.layer("vertex", new BatchNorm(0.5, 0.9, 1.3).frozen(), conv)));
  }

  private static Arguments layer(String name, Put put) {
    return Arguments.of(name, put);
  }

  /** [n, 7, 3, 2]. */
  private static String small(NetworkBuilder builder) {
    return builder.maxPool("small", "conv", new Kernel(2, 4, 1, 0, 0));
  }

  private static String unpooled(NetworkBuilder builder, String conv) {
    String pool =
        builder.layer("pool", new Pool(PoolingType.MAX, Kernel.of(2).stride(2), true), conv);
    String values = builder.convolution("values", pool, Kernel.same(3), CHANNELS);
    return Decoders.unpool(builder, "vertex", values, pool);
  }

  private static String depthwise(NetworkBuilder builder, String conv, Kernel kernel) {
    Activation tanh = Activation.TANH;
    InitialWeights weights = InitialWeights.normal(0.4);
    return builder.layer(
        "vertex", new Convolution(CHANNELS, kernel, CHANNELS, true, tanh, weights, 0.2), conv);
  }

  private static TransposedConvolution transposed(int channels, int groups, Kernel kernel) {
    return new TransposedConvolution(
        channels, kernel, groups, true, Activation.TANH, InitialWeights.normal(0.4), true, 0.2);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void hasTheGradientThatDifferencesGive(String name, Put put) {
    Nd4j.getRandom().setSeed(9);
    INDArray images = Nd4j.randn(DataType.DOUBLE, SAMPLES, 2, 4, 5);
    double error =
        NumericalGradient.largestError(
            new NumericalGradient.Start(network(put), 3),
            images,
            NumericalGradient.someLabels(SAMPLES, 3),
            25);
    assertThat(error).isLessThan(1e-5);
  }

  private static NetworkGraph network(Put put) {
    NetworkBuilder builder = new NetworkBuilder(new InputShape(2, 4, 5), SMOOTH);
    String conv = builder.convolution("conv", Heads.INPUT, Kernel.same(3), CHANNELS);
    String last = put.behind(builder, conv);
    return builder.build(Heads.classifier(builder, last, 3, WeightInitializers.XAVIER));
  }

  @Test
  void noNetworkHasAVertexThatIsNotLookedAt() {
    Map<String, String> networkOfVertex = new TreeMap<>();
    for (NetworkDefinition network : NetworkRegistry.standard().all()) {
      ours(network.graph(network.usualInput(), network.usualClasses()))
          .forEach(kind -> networkOfVertex.put(kind, network.name()));
    }
    Set<String> lookedAt = new TreeSet<>();
    layers().forEach(layer -> lookedAt.addAll(ours(network((Put) layer.get()[1]))));
    assertThat(lookedAt).containsAll(networkOfVertex.keySet());
  }

  /** The classes of a network's vertices and layers that are not DL4J's. */
  private static Set<String> ours(NetworkGraph network) {
    Set<String> kinds = new TreeSet<>();
    for (GraphVertex vertex : Dl4jGraph.configuration(network, 1).getVertices().values()) {
      boolean layer = vertex instanceof LayerVertex;
      Object kind = layer ? ((LayerVertex) vertex).getLayerConf().getLayer() : vertex;
      kinds.add(kind.getClass().getName());
    }
    kinds.removeIf(name -> !name.startsWith("org.bellows."));
    return kinds;
  }
}
