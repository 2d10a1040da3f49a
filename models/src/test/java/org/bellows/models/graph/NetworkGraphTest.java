// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.ActivationLayer;
import org.bellows.models.layer.Dropout;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LayerShape;
import org.junit.jupiter.api.Test;

class NetworkGraphTest {
  private static final InputShape INPUT = new InputShape(3, 6, 5);
  private static final LayerDefaults STYLE =
      LayerDefaults.of(Activation.RELU, WeightInitializers.HE);

  /** Two branches of a convolution, their sum, and an auxiliary head before it. */
  private static NetworkGraph branches() {
    NetworkBuilder builder = new NetworkBuilder(INPUT, STYLE);
    String stem = builder.convolution("stem", Heads.INPUT, Kernel.same(3), 4);
    String left = builder.norm("left", stem, 1);
    String sum = builder.add("sum", left, stem);
    String main = Heads.classifier(builder, sum, 2, WeightInitializers.HE);
    Heads.AuxiliaryStyle style = new Heads.AuxiliaryStyle(WeightInitializers.HE, 0.5);
    return builder.build(List.of(main, Heads.auxiliary(builder, "auxiliary", left, 2, style)));
  }

  @Test
  void knowsShapesReadersAndAncestors() {
    NetworkGraph graph = branches();
    assertThat(graph.names()).containsExactly("stem", "left", "sum", "output", "auxiliary");
    assertThat(graph.heads()).containsExactly("output", "auxiliary");
    assertThat(graph.shape("image")).isEqualTo(new LayerShape.FeatureMap(3, 6, 5));
    assertThat(graph.shape("sum")).isEqualTo(new LayerShape.FeatureMap(4, 6, 5));
    assertThat(graph.shape("output").batch(7)).containsExactly(7, 2);
    assertThat(graph.readers())
        .containsEntry("stem", List.of("left", "sum"))
        .containsEntry("left", List.of("sum", "auxiliary"));
    assertThat(graph.ancestors("sum")).isEqualTo(Set.of("sum", "left", "stem", "image"));
    // 3 * 9 * 4 + 4, four arrays of 4, twice 120 * 2 + 2.
    assertThat(graph.parameters()).isEqualTo(112 + 16 + 2 * 242);
  }

  /** A vertex waits for the last that it reads; of several that wait for one, the first added. */
  @Test
  void parametersStandInATopologicalOrder() {
    assertThat(branches().parameterOrder())
        .extracting(NetworkGraph.Vertex::name)
        .containsExactly("stem", "left", "sum", "auxiliary", "output");
  }

  /** Where one vertex has dozens of readers DL4J takes them in the order of a hash table. */
  @Test
  void parametersStandInDl4jsOrderHoweverManyReadOneVertex() {
    NetworkBuilder builder = new NetworkBuilder(INPUT, STYLE);
    String stem = builder.convolution("stem", Heads.INPUT, Kernel.of(1), 4);
    String[] branches = new String[40];
    for (int i = 0; i < branches.length; i++) {
      String inner = i % 3 == 0 ? builder.activation("act" + i, stem) : stem;
      branches[i] = builder.convolution("branch" + i, inner, Kernel.of(1), 1 + i % 5);
    }
    String last = builder.merge("all", branches);
    NetworkGraph graph = builder.build(Heads.classifier(builder, last, 2, WeightInitializers.HE));
    assertThatCode(() -> Dl4jGraph.initialised(graph, 1)).doesNotThrowAnyException();
    assertThat(graph.parameterOrder()).hasSameSizeAs(graph.vertices());
  }

  @Test
  void aChangedLayerLeavesTheRestAsItIs() {
    NetworkGraph graph =
        branches().withLayers(layer -> layer instanceof ActivationLayer ? new Dropout(0.5) : layer);
    assertThat(graph.vertices()).containsExactlyElementsOf(branches().vertices());
  }

  @Test
  void whatIsBehindALayerReadsItsOutput() {
    NetworkGraph rest =
        branches()
            .behind("sum", new InputShape(4, 6, 5), Set.of("stem", "left", "sum", "auxiliary"));
    assertThat(rest.input()).isEqualTo("sum");
    assertThat(rest.names()).containsExactly("output");
    assertThat(rest.heads()).containsExactly("output");
    assertThat(rest.shape("sum")).isEqualTo(new LayerShape.FeatureMap(4, 6, 5));
  }

  @Test
  void aVertexThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> branches().vertex("right"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the network has no vertex right");
    assertThatThrownBy(() -> new NetworkGraph("image", INPUT, Map.of(), List.of("output")))
        .hasMessage("the network has no vertex output");
  }

  @Test
  void aNameStandsForOneLayer() {
    NetworkBuilder builder = new NetworkBuilder(INPUT, STYLE);
    builder.activation("twice", Heads.INPUT);
    assertThatThrownBy(() -> builder.activation("twice", Heads.INPUT))
        .hasMessage("two layers are named twice");
  }
}
