package org.bellows.benchmark.step;

import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.models.network.InputShape;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.RandomBatch;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.regularization.L2Regularization;

/**
 * DL4J by its own {@code fit}, with its oneDNN layer helpers off, as it is shipped. ND4J's native
 * library is Bellows's build, which has AVX2 and a fast matrix product; only one can be in a
 * process.
 */
final class Dl4jContender implements Contender {
  private static final String HELPERS_OFF = "org.eclipse.deeplearning4j.helpers.disable";

  private final ComputationGraph graph;
  private final INDArray[] images;
  private final INDArray[] targets;

  Dl4jContender(Assignment assignment) {
    NativeLibraries.load();
    Settings settings = assignment.settings();
    ComputationGraphConfiguration configuration =
        assignment
            .network()
            .builder()
            .build(assignment.input(), assignment.classes(), settings.train().seed());
    for (GraphVertex vertex : configuration.getVertices().values()) {
      if (vertex instanceof LayerVertex holder
          && holder.getLayerConf().getLayer() instanceof BaseLayer layer) {
        layer.setIUpdater(
            new Nesterovs(settings.schedule().baseLr(), settings.optimizer().momentum()));
        layer.setRegularization(List.of(new L2Regularization(settings.optimizer().weightDecay())));
      }
    }
    this.graph = withoutHelpers(configuration);
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
    String before = System.setProperty(HELPERS_OFF, "true");
    try {
      ComputationGraph graph = new ComputationGraph(configuration);
      graph.init();
      return graph;
    } finally {
      System.setProperty(HELPERS_OFF, before);
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
