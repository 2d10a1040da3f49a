// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import java.util.function.UnaryOperator;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.Layer;

/**
 * One network: where it comes from and how it is built. The built graph has one input {@code
 * "image"} of [n, channels, height, width]; its first head is the network's answer, a softmax with
 * cross-entropy loss, any further ones are auxiliary heads with weighted losses ({@link
 * org.bellows.models.graph.Heads}).
 *
 * @param name lower case with dashes, as in {@code model.name}
 * @param paper the source: authors, year, section or table
 * @param usualInput the shape that published counts refer to
 * @param usualClasses the number of classes that published counts refer to
 * @param sides the heights and widths that the architecture allows
 * @param builder makes the graph
 */
public record NetworkDefinition(
    String name,
    String paper,
    InputShape usualInput,
    int usualClasses,
    AllowedSides sides,
    Builder builder) {

  /** For an architecture that takes every side from a smallest one on. */
  public NetworkDefinition(
      String name,
      String paper,
      InputShape usualInput,
      int usualClasses,
      int smallestSide,
      Builder builder) {
    this(name, paper, usualInput, usualClasses, AllowedSides.from(smallestSide), builder);
  }

  /** Smallest height and width that the architecture allows, in pixels. */
  public int smallestSide() {
    return sides.smallest();
  }

  /** Makes a graph for images of a shape and a number of classes. */
  @FunctionalInterface
  public interface Builder {
    NetworkGraph build(InputShape input, int classes);
  }

  /** The graph for images of a shape and a number of classes. */
  public NetworkGraph graph(InputShape input, int classes) {
    return builder.build(input, classes);
  }

  /** Whether it says a class of each pixel, else of each image. */
  public boolean isOfPixels() {
    return graph(usualInput, usualClasses).pixelHead().isPresent();
  }

  /** The same network with other layers in the places of its own. */
  public NetworkDefinition withLayers(UnaryOperator<Layer> change) {
    return withGraph(graph -> graph.withLayers(change));
  }

  /** The same network with its graph changed. */
  NetworkDefinition withGraph(UnaryOperator<NetworkGraph> change) {
    return new NetworkDefinition(
        name,
        paper,
        usualInput,
        usualClasses,
        sides,
        (input, classes) -> change.apply(builder.build(input, classes)));
  }
}
