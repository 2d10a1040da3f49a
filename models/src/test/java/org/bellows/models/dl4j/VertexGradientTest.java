package org.bellows.models.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bellows.models.graph.GraphSketch;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.Style;
import org.bellows.models.graph.Weights;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.ChannelRange;
import org.bellows.models.layer.ChannelScale;
import org.bellows.models.layer.ResponseNorm;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.layer.Window;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.network.NumericalGradient;
import org.bellows.models.zoo.NetworkRegistry;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
  private static final Style SMOOTH = Style.of(Activation.TANH, Weights.XAVIER);

  /** A vertex put behind "conv", [n, 7, 4, 5]. */
  private interface Put {
    String behind(GraphSketch sketch, String conv);
  }

  private static final Map<Class<? extends GraphVertex>, Put> VERTICES =
      Map.of(
          ChannelRangeVertex.class,
          (sketch, conv) -> sketch.layer("vertex", new ChannelRange(2, 3), conv),
          ChannelScaleVertex.class,
          (sketch, conv) -> {
            String gate = sketch.dense("gate", sketch.globalAverage("mean", conv), CHANNELS);
            return sketch.layer("vertex", new ChannelScale(), conv, gate);
          },
          ResponseNormVertex.class,
          (sketch, conv) -> sketch.layer("vertex", new ResponseNorm(1, 0.5), conv),
          StochasticDepthVertex.class,
          (sketch, conv) -> sketch.layer("vertex", new StochasticDepth(0.6), conv));

  static Set<Class<? extends GraphVertex>> vertices() {
    return VERTICES.keySet();
  }

  @ParameterizedTest
  @MethodSource("vertices")
  void hasTheGradientThatDifferencesGive(Class<? extends GraphVertex> vertex) {
    GraphSketch sketch = new GraphSketch(new InputShape(2, 4, 5), SMOOTH);
    String conv = sketch.convolution("conv", Heads.INPUT, Window.same(3), CHANNELS);
    String last = VERTICES.get(vertex).behind(sketch, conv);
    Nd4j.getRandom().setSeed(9);
    INDArray images = Nd4j.randn(DataType.DOUBLE, SAMPLES, 2, 4, 5);
    double error =
        NumericalGradient.largestError(
            new NumericalGradient.Start(
                sketch.build(Heads.classifier(sketch, last, 3, Weights.XAVIER)), 3),
            images,
            NumericalGradient.someLabels(SAMPLES, 3),
            25);
    assertThat(error).isLessThan(1e-5);
  }

  @Test
  void noNetworkHasAVertexThatIsNotLookedAt() {
    Map<String, String> networkOfVertex = new TreeMap<>();
    for (NetworkDefinition network : NetworkRegistry.standard().all()) {
      Dl4jGraph.configuration(network.graph(network.usualInput(), network.usualClasses()), 1)
          .getVertices()
          .values()
          .forEach(vertex -> networkOfVertex.put(vertex.getClass().getName(), network.name()));
    }
    Set<String> ours = new TreeSet<>(networkOfVertex.keySet());
    ours.removeIf(name -> !name.startsWith("org.bellows."));
    assertThat(ours)
        .containsExactlyInAnyOrderElementsOf(
            VERTICES.keySet().stream().map(Class::getName).toList());
  }
}
