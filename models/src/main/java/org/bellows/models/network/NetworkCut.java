package org.bellows.models.network;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bellows.models.graph.InputShape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * A network cut in two behind one layer, through which all goes that the network's answer depends
 * on. What lies up to it can be computed once and for all when it does not change; the rest is a
 * network of its own, whose input is that layer's output.
 *
 * <p>An auxiliary head that reads something before the cut is left out of the rest: nothing that it
 * could teach changes.
 *
 * @param layer behind which it is cut
 * @param shape of that layer's output; a vector of n values is n x 1 x 1
 * @param rest from there to the network's answer and the auxiliary heads that are left; its builder
 *     takes {@code shape} for its input, and the layers keep their names
 * @param idle layers that are not in the rest
 */
public record NetworkCut(String layer, InputShape shape, NetworkDefinition rest, Set<String> idle) {

  /**
   * @throws IllegalArgumentException for a layer that is not one of the {@link #places}
   */
  public static NetworkCut behind(
      NetworkDefinition whole, InputShape input, int classes, String layer) {
    ComputationGraphConfiguration graph = whole.builder().build(input, classes, 0);
    if (!isPlace(graph, layer)) {
      throw new IllegalArgumentException(whole.name() + " cannot be cut behind " + layer);
    }
    Set<String> before = LayerCosts.ancestors(graph, layer);
    Set<String> kept = new HashSet<>();
    graph.getNetworkOutputs().stream()
        .filter(output -> readsOnly(graph, output, before, layer))
        .forEach(output -> kept.addAll(LayerCosts.ancestors(graph, output)));
    kept.removeAll(before);
    Set<String> idle = new HashSet<>(graph.getVertices().keySet());
    idle.removeAll(kept);
    InputShape shape = shape(graph, input, layer);
    NetworkDefinition.Builder builder =
        (ofRest, number, seed) ->
            rest(whole.builder().build(input, number, seed), layer, ofRest, idle);
    String name = whole.name() + " behind " + layer;
    return new NetworkCut(
        layer,
        shape,
        new NetworkDefinition(name, whole.paper(), shape, classes, 1, builder),
        Set.copyOf(idle));
  }

  /** The layers behind which a network can be cut, in its order. */
  public static List<String> places(NetworkDefinition whole, InputShape input, int classes) {
    ComputationGraphConfiguration graph = whole.builder().build(input, classes, 0);
    return graph.getVertices().keySet().stream().filter(layer -> isPlace(graph, layer)).toList();
  }

  /**
   * A layer and all that it depends on.
   *
   * @throws IllegalArgumentException for a layer that the network does not have
   */
  public static Set<String> upTo(
      NetworkDefinition whole, InputShape input, int classes, String layer) {
    ComputationGraphConfiguration graph = whole.builder().build(input, classes, 0);
    if (!graph.getVertices().containsKey(layer)) {
      throw new IllegalArgumentException(whole.name() + " has no layer " + layer);
    }
    return LayerCosts.ancestors(graph, layer);
  }

  private static boolean isPlace(ComputationGraphConfiguration graph, String layer) {
    String answer = graph.getNetworkOutputs().get(0);
    return graph.getVertices().containsKey(layer)
        && LayerCosts.ancestors(graph, answer).contains(layer)
        && !answer.equals(layer)
        && readsOnly(graph, answer, LayerCosts.ancestors(graph, layer), layer);
  }

  /** Whether an output, or what it depends on, reads nothing before the cut but the layer. */
  private static boolean readsOnly(
      ComputationGraphConfiguration graph, String output, Set<String> before, String layer) {
    for (String behind : LayerCosts.ancestors(graph, output)) {
      for (String read : graph.getVertexInputs().getOrDefault(behind, List.of())) {
        if (!before.contains(behind) && before.contains(read) && !read.equals(layer)) {
          return false;
        }
      }
    }
    return true;
  }

  private static InputShape shape(
      ComputationGraphConfiguration graph, InputShape input, String layer) {
    InputType image = InputType.convolutional(input.height(), input.width(), input.channels());
    InputType type = graph.getLayerActivationTypes(image).get(layer);
    return type instanceof InputType.InputTypeConvolutional map
        ? new InputShape(
            Math.toIntExact(map.getChannels()),
            Math.toIntExact(map.getHeight()),
            Math.toIntExact(map.getWidth()))
        : new InputShape(Math.toIntExact(type.arrayElementsPerExample()), 1, 1);
  }

  private static ComputationGraphConfiguration rest(
      ComputationGraphConfiguration graph, String layer, InputShape shape, Set<String> idle) {
    List<String> outputs = new ArrayList<>(graph.getNetworkOutputs());
    outputs.removeAll(idle);
    for (Map<String, ?> ofVertices : List.of(graph.getVertices(), graph.getVertexInputs())) {
      ofVertices.keySet().removeAll(idle);
    }
    graph.setNetworkInputs(List.of(layer));
    graph.setNetworkOutputs(outputs);
    graph.setTopologicalOrder(null);
    graph.setTopologicalOrderStr(null);
    // A dense layer that read a vector reads n x 1 x 1 now.
    graph.addPreProcessors(
        InputType.convolutional(shape.height(), shape.width(), shape.channels()));
    return graph;
  }
}
