package org.bellows.worker.network;

import org.bellows.models.graph.InputShape;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.engine.onednn.OneDnnGraph;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** The graph compiled for oneDNN. */
final class OneDnnStep implements LaneStep {
  private final OneDnnGraph compiled;

  /**
   * @param graph gives its description and initial parameters, and is closed
   */
  OneDnnStep(ComputationGraph graph, FlatLayout layout, InputShape input) {
    this.compiled = new OneDnnGraph(graph.getConfiguration(), input, layout);
    try (Dl4jStep initial = new Dl4jStep(graph, layout, input)) {
      float[] parameters = new float[layout.length()];
      initial.readParameters(parameters);
      compiled.writeParameters(parameters);
    }
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
