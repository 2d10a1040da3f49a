// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.lenet.LeNet5;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.BaseMKLDNNHelper;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.junit.jupiter.api.Test;

/** DL4J would fall back to im2col in silence; this says so. */
class FastPathTest {

  @Test
  void convolutionsRunThroughOneDnn() {
    assertThat(BaseMKLDNNHelper.mklDnnEnabled()).isTrue();
    NetworkDefinition lenet = LeNet5.family().get(0);
    ComputationGraph graph = Dl4jGraph.initialised(lenet.graph(lenet.usualInput(), 10), 1);
    ConvolutionLayer c1 = (ConvolutionLayer) graph.getLayer("c1");
    assertThat(c1.getHelper()).isInstanceOf(MKLDNNConvHelper.class);
  }
}
