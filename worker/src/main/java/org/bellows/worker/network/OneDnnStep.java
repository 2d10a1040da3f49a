package org.bellows.worker.network;

import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.engine.onednn.OneDnnGraph;

/** The graph compiled for oneDNN. */
final class OneDnnStep implements LaneStep {
  private final OneDnnGraph compiled;

  /**
   * @param seed of the initial parameters
   */
  OneDnnStep(NetworkGraph graph, FlatLayout layout, long seed) {
    this.compiled = new OneDnnGraph(graph, layout);
    compiled.writeParameters(Dl4jGraph.initialParameters(graph, seed));
  }

  @Override
  public void readParameters(float[] target) {
    compiled.readParameters(target);
  }

  @Override
  public void writeParameters(float[] source) {
    compiled.writeParameters(source);
  }

  @Override
  public double gradient(float[] pixels, float[] targets, long seed, float[] gradient) {
    return compiled.gradient(pixels, targets, seed, gradient);
  }

  @Override
  public float[] probabilities(float[] pixels, int n) {
    return compiled.probabilities(pixels, n);
  }

  @Override
  public float[] activations(float[] pixels, int n, String vertex) {
    return compiled.activations(pixels, n, vertex);
  }

  OneDnnGraph compiled() {
    return compiled;
  }

  @Override
  public void close() {
    compiled.close();
  }
}
