// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.torch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.Sum;
import org.bellows.models.layer.Unpool;

/** From a network's graph to PyTorch's operations. */
final class TorchTranslator {
  private final NetworkGraph graph;
  private final TorchParameters parameters;
  private final TorchPlaces places;
  private final List<TorchOperation> operations = new ArrayList<>();
  private final Set<String> known;

  private TorchTranslator(NetworkGraph graph, TorchParameters parameters) {
    this.graph = graph;
    this.parameters = parameters;
    this.places = new TorchPlaces(graph);
    this.known = new HashSet<>(Set.of(graph.input()));
  }

  /**
   * @return operations in an order in which each comes after its inputs; the last gives the logits,
   *     [n, classes]
   * @throws IllegalArgumentException for what no network of the benchmark has, auxiliary heads
   *     among it
   */
  static List<TorchOperation> translate(NetworkGraph graph, TorchParameters parameters) {
    List<String> heads = graph.heads();
    if (heads.size() != 1) {
      throw new IllegalArgumentException("expected one head, actual " + heads);
    }
    TorchTranslator translator = new TorchTranslator(graph, parameters);
    translator.visit(heads.get(0));
    return translator.operations;
  }

  private void visit(String name) {
    if (known.add(name)) {
      NetworkGraph.Vertex vertex = graph.vertex(name);
      if (vertex.layer() instanceof Unpool unpool) {
        graph.vertices().stream()
            .filter(pool -> pool.layer().equals(unpool.pool()))
            .filter(pool -> pool.from().equals(vertex.inputs().get(1)))
            .forEach(pool -> visit(pool.name()));
      }
      vertex.inputs().forEach(this::visit);
      TorchLayers layers = new TorchLayers(parameters, places, vertex, isOverwritable(vertex));
      operations.add(new TorchOperation(name, vertex.inputs(), vertex.layer().accept(layers)));
    }
  }

  /** Whether the first input is read by nothing else and kept by no backward pass. */
  private boolean isOverwritable(NetworkGraph.Vertex vertex) {
    String input = vertex.inputs().get(0);
    if (input.equals(graph.input())) {
      return false;
    }
    Layer producer = graph.vertex(input).layer();
    return (producer instanceof Sum || producer instanceof BatchNorm)
        && graph.vertices().stream()
                .flatMap(other -> other.inputs().stream())
                .filter(input::equals)
                .count()
            == 1;
  }
}
