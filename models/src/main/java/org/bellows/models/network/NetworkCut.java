// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.LayerShape;

/**
 * A network cut in two after one layer, through which the whole input of the network's answer
 * passes. The output of the layers up to it can be computed once if it does not change; the rest is
 * a network of its own, whose input is that layer's output.
 *
 * <p>An auxiliary head that reads something before the cut is left out of the rest: nothing that it
 * could teach changes.
 *
 * @param layer the layer after which it is cut
 * @param shape of that layer's output; a vector of n values is n x 1 x 1
 * @param rest from there to the network's answer and the auxiliary heads that are left; its builder
 *     takes {@code shape} for its input, and the layers keep their names
 * @param frozenLayers layers that are not in the rest
 */
public record NetworkCut(
    String layer, InputShape shape, NetworkDefinition rest, Set<String> frozenLayers) {

  /**
   * @throws IllegalArgumentException for a layer that is not one of the {@link #splitPoints}
   */
  public static NetworkCut splitAfter(
      NetworkDefinition whole, InputShape input, int classes, String layer) {
    NetworkGraph graph = whole.graph(input, classes);
    if (!isPlace(graph, layer)) {
      throw new IllegalArgumentException(whole.name() + " cannot be cut after " + layer);
    }
    Set<String> before = graph.ancestors(layer);
    Set<String> kept = new HashSet<>();
    graph.heads().stream()
        .filter(head -> readsOnly(graph, head, before, layer))
        .forEach(head -> kept.addAll(graph.ancestors(head)));
    kept.removeAll(before);
    Set<String> idle = new HashSet<>(graph.names());
    idle.removeAll(kept);
    InputShape shape = inputShape(graph.shape(layer));
    NetworkDefinition.Builder builder =
        (ofRest, number) -> whole.graph(input, number).behind(layer, ofRest, idle);
    String name = whole.name() + " behind " + layer;
    return new NetworkCut(
        layer,
        shape,
        new NetworkDefinition(name, whole.paper(), shape, classes, 1, builder),
        Set.copyOf(idle));
  }

  /** The layers after which a network can be cut, in its order. */
  public static List<String> splitPoints(NetworkDefinition whole, InputShape input, int classes) {
    NetworkGraph graph = whole.graph(input, classes);
    return graph.names().stream().filter(layer -> isPlace(graph, layer)).toList();
  }

  /**
   * A layer and all that it depends on.
   *
   * @throws IllegalArgumentException for a layer that the network does not have
   */
  public static Set<String> upTo(
      NetworkDefinition whole, InputShape input, int classes, String layer) {
    NetworkGraph graph = whole.graph(input, classes);
    if (!graph.names().contains(layer)) {
      throw new IllegalArgumentException(whole.name() + " has no layer " + layer);
    }
    return graph.ancestors(layer);
  }

  private static boolean isPlace(NetworkGraph graph, String layer) {
    String answer = graph.answer();
    return graph.names().contains(layer)
        && graph.ancestors(answer).contains(layer)
        && !answer.equals(layer)
        && readsOnly(graph, answer, graph.ancestors(layer), layer);
  }

  /** Whether an output, or what it depends on, reads nothing before the cut but the layer. */
  private static boolean readsOnly(
      NetworkGraph graph, String output, Set<String> before, String layer) {
    for (String behind : graph.ancestors(output)) {
      if (before.contains(behind)) {
        continue;
      }
      for (String read : graph.vertex(behind).inputs()) {
        if (before.contains(read) && !read.equals(layer)) {
          return false;
        }
      }
    }
    return true;
  }

  private static InputShape inputShape(LayerShape shape) {
    return shape instanceof LayerShape.FeatureMap map
        ? new InputShape(map.channels(), map.height(), map.width())
        : new InputShape(Math.toIntExact(shape.elements()), 1, 1);
  }
}
