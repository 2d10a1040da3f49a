// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.zoo.NetworkRegistry;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NetworkCutTest {
  private static final int CLASSES = 5;

  private static NetworkDefinition network(String name) {
    return NetworkRegistry.standard().get(name);
  }

  /** A residual block is one place: inside it the shortcut goes past every layer. */
  @Test
  void aNetworkIsCutWhereAllOfItPasses() {
    List<String> places =
        NetworkCut.splitPoints(network("resnet20-cifar"), new InputShape(3, 16, 16), CLASSES);
    assertThat(places)
        .contains("stem-relu", "stage1-block1-relu", "stage3-block3-relu", "pool")
        .doesNotContain("stage1-block1-a", "stage2-block1-shortcut", "output");
  }

  @Test
  void anAuxiliaryHeadBeforeTheCutIsLeftOut() {
    InputShape input = network("googlenet").usualInput();
    List<String> places = NetworkCut.splitPoints(network("googlenet"), input, CLASSES);
    String last = places.get(places.size() - 1);
    NetworkCut late = NetworkCut.splitAfter(network("googlenet"), input, CLASSES, last);
    NetworkCut early = NetworkCut.splitAfter(network("googlenet"), input, CLASSES, places.get(0));
    assertThat(outputs(early)).hasSize(3);
    assertThat(outputs(late)).hasSize(1);
    assertThat(late.frozenLayers())
        .containsAll(outputs(early).subList(1, 3))
        .doesNotContain("output");
  }

  private static List<String> outputs(NetworkCut cut) {
    return cut.rest().graph(cut.shape(), CLASSES).heads();
  }

  @Test
  void anotherLayerIsRefused() {
    assertThatThrownBy(
            () ->
                NetworkCut.splitAfter(
                    network("resnet20-cifar"), new InputShape(3, 16, 16), 5, "stage1-block1-a"))
        .hasMessage("resnet20-cifar cannot be cut after stage1-block1-a");
  }

  /** Up to the layer, and from there on with the same parameters, is all of it. */
  @ParameterizedTest
  @CsvSource({
    "resnet20-cifar, stage2-block1-relu, 16",
    "resnet20-cifar, pool, 16",
    "lenet5, s4, 28",
    "mobilenet-v2, pool, 32"
  })
  void bothPartsTogetherAnswerAsTheWhole(String name, String layer, int side) {
    InputShape input = new InputShape(3, side, side);
    NetworkCut cut = NetworkCut.splitAfter(network(name), input, CLASSES, layer);
    NetworkGraph wholeNetwork = network(name).graph(input, CLASSES);
    NetworkGraph restOfIt = cut.rest().graph(cut.shape(), CLASSES);
    ComputationGraph whole = Dl4jGraph.initialised(wholeNetwork, 3);
    ComputationGraph rest = Dl4jGraph.initialised(restOfIt, 4);
    rest.paramTable().forEach((array, values) -> values.assign(whole.getParam(array)));
    INDArray images = Nd4j.rand(2, 3, side, side);
    INDArray between = whole.feedForward(new INDArray[] {images}, false).get(layer);
    assertThat(between.length()).isEqualTo(2L * cut.shape().elements());
    INDArray given =
        between.reshape(2, cut.shape().channels(), cut.shape().height(), cut.shape().width());
    assertThat(rest.outputSingle(given)).isEqualTo(whole.outputSingle(images));
    FlatLayout frozen = FlatLayout.of(wholeNetwork).frozen(cut.frozenLayers());
    assertThat(frozen.trainableParameters())
        .isEqualTo(FlatLayout.of(restOfIt).trainableParameters())
        .isPositive();
  }
}
