// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import org.bellows.benchmark.Dl4jNetwork;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.models.graph.InputShape;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.RandomBatch;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * DL4J by its own {@code fit}, with its oneDNN layer helpers off, as it is shipped. ND4J's native
 * library is Bellows's build, which has AVX2 and a fast matrix product; only one can be in a
 * process.
 */
final class Dl4jContender implements Contender {
  private final ComputationGraph graph;
  private final INDArray[] images;
  private final INDArray[] targets;

  Dl4jContender(Assignment assignment) {
    NativeLibraries.load();
    this.graph =
        withoutHelpers(
            Dl4jNetwork.of(
                assignment.network(),
                assignment.input(),
                assignment.classes(),
                TrainingSettings.of(assignment.settings()),
                assignment.settings().schedule().baseLr()));
    RandomBatch batch = assignment.batch();
    InputShape input = assignment.input();
    long n = assignment.samples();
    long[] shape = {n, input.channels(), input.height(), input.width()};
    this.images = new INDArray[] {Nd4j.create(batch.pixels(), shape, 'c')};
    this.targets =
        new INDArray[] {Nd4j.create(batch.targets(), new long[] {n, assignment.classes()}, 'c')};
  }

  /** DL4J asks for its helpers when a graph is made. */
  private static ComputationGraph withoutHelpers(ComputationGraphConfiguration configuration) {
    String before = Dl4jNetwork.switchHelpersOff();
    try {
      ComputationGraph graph = new ComputationGraph(configuration);
      graph.init();
      return graph;
    } finally {
      Dl4jNetwork.restoreHelpers(before);
    }
  }

  @Override
  public double step() {
    graph.fit(images, targets);
    return graph.score();
  }

  @Override
  public void close() {
    graph.close();
  }
}
