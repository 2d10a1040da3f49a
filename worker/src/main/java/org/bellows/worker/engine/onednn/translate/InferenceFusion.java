// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.translate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bellows.worker.engine.onednn.node.ActivationNode;
import org.bellows.worker.engine.onednn.node.AffineNode;
import org.bellows.worker.engine.onednn.node.BatchNormNode;
import org.bellows.worker.engine.onednn.node.DropoutNode;
import org.bellows.worker.engine.onednn.node.Node;
import org.bellows.worker.engine.onednn.node.StochasticDepthNode;
import org.bellows.worker.engine.onednn.node.SumNode;

/**
 * Fuses the layers after convolutions and dense layers into them in inference: BatchNorm as other
 * weights, a sum with an array that was computed before, an activation. Only if no other vertex
 * reads the value in between, and always if that is so: the result of a plan depends on the network
 * and the requested vertex, and on nothing else.
 */
public final class InferenceFusion {
  private final Map<Node, Integer> consumers = new HashMap<>();
  private final Map<Node, Integer> places = new HashMap<>();

  /** By vertex, the layer that computes its output and may do more to it. */
  private final Map<Node, AffineNode> makers = new HashMap<>();

  private InferenceFusion(List<Node> nodes) {
    for (Node node : nodes) {
      places.put(node, places.size());
      node.inputs().forEach(from -> consumers.merge(from, 1, Integer::sum));
    }
  }

  /**
   * @param nodes in topological order, of a plan that only goes forward
   */
  public static void apply(List<Node> nodes) {
    InferenceFusion fusion = new InferenceFusion(nodes);
    nodes.forEach(fusion::visit);
  }

  private void visit(Node node) {
    if (node instanceof AffineNode layer) {
      makers.put(layer, layer);
    } else if (node instanceof BatchNormNode norm) {
      fold(norm);
    } else if (node instanceof ActivationNode activation) {
      activate(activation);
    } else if (node instanceof SumNode sum) {
      add(sum);
    } else if (node instanceof DropoutNode || node instanceof StochasticDepthNode) {
      // In inference they pass on what they get.
      makers.put(node, maker(node.input()));
    }
  }

  /** The layer that gives a vertex's output to one consumer alone; null: there is none. */
  private AffineNode maker(Node input) {
    return consumers.get(input) == 1 ? makers.get(input) : null;
  }

  private void fold(BatchNormNode norm) {
    AffineNode layer = maker(norm.input());
    boolean suits =
        layer != null && layer.isBare() && (layer.canActivate() || norm.activation().isIdentity());
    if (!suits) {
      return;
    }
    layer.fold(norm.folded());
    layer.activate(norm.activation());
    doneBy(layer, norm, norm.input());
  }

  private void activate(ActivationNode node) {
    AffineNode layer = maker(node.input());
    if (layer != null && layer.canActivate() && layer.activation().isIdentity()) {
      layer.activate(node.function());
      doneBy(layer, node, node.input());
    }
  }

  /** The summand that is computed last adds the other one. */
  private void add(SumNode sum) {
    if (sum.inputs().size() != 2) {
      return;
    }
    for (int i = 0; i < 2; i++) {
      Node own = sum.inputs().get(i);
      Node other = sum.inputs().get(1 - i);
      AffineNode layer = maker(own);
      if (layer != null
          && layer.canAdd()
          && layer.isOpen()
          && places.get(other) < places.get(layer)) {
        layer.add(other);
        layer.activate(sum.activation());
        doneBy(layer, sum, own);
        return;
      }
    }
  }

  private void doneBy(AffineNode layer, Node node, Node input) {
    node.fuseInto(input);
    makers.put(node, layer);
  }
}
