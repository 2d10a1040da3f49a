package org.bellows.models.network;

import java.util.function.Consumer;
import org.bellows.models.graph.InputShape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;

/**
 * One network: where it comes from and how it is built. The built graph has one input {@code
 * "image"} of [n, channels, height, width]; its first output is the network's answer, a softmax
 * with cross-entropy loss, any further ones are auxiliary heads with weighted losses ({@link
 * org.bellows.models.graph.Heads}). It must carry no updater, regularisation or step of its own
 * (the training loop does these on the flat vector).
 *
 * @param name lower case with dashes, as in {@code model.name}
 * @param paper the source: authors, year, section or table
 * @param usualInput the shape that published counts refer to
 * @param usualClasses the number of classes that published counts refer to
 * @param smallestSide smallest height and width that the architecture allows, in pixels
 * @param builder makes the graph
 */
public record NetworkDefinition(
    String name,
    String paper,
    InputShape usualInput,
    int usualClasses,
    int smallestSide,
    Builder builder) {

  /** Makes a graph for images of a shape and a number of classes. */
  @FunctionalInterface
  public interface Builder {
    ComputationGraphConfiguration build(InputShape input, int classes, long seed);
  }

  /**
   * The same network, whose graph is changed after it is built.
   *
   * @param change applied in place to each graph
   */
  public NetworkDefinition withGraph(Consumer<ComputationGraphConfiguration> change) {
    return new NetworkDefinition(
        name,
        paper,
        usualInput,
        usualClasses,
        smallestSide,
        (input, classes, seed) -> {
          ComputationGraphConfiguration graph = builder.build(input, classes, seed);
          change.accept(graph);
          return graph;
        });
  }
}
