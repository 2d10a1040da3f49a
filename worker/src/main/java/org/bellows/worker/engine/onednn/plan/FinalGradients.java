// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bellows.models.network.FlatLayout.ParameterSlot;

/**
 * From which element on the flat gradient is final after each call of a pass. An array of it is
 * final when all calls of the vertices that asked for it are done.
 */
final class FinalGradients {
  /** The vertex that asked last is the last in the pass: nodes are compiled in its order. */
  private final Map<ParameterSlot, String> vertices = new HashMap<>();

  /** A vertex asks for an array of the gradient, to write into it. */
  void ask(ParameterSlot slot, String vertex) {
    vertices.put(slot, vertex);
  }

  /**
   * The loss is final with the forward pass; nothing is called final before.
   *
   * @param pass all calls
   * @param length of the gradient
   * @return by call, the first element of what is final after it
   */
  int[] after(List<Instruction> pass, int length) {
    Map<String, Integer> lastOfVertex = new HashMap<>();
    int lastForward = 0;
    for (int i = 0; i < pass.size(); i++) {
      lastOfVertex.put(pass.get(i).place().vertex(), i);
      if (pass.get(i).place().phase() == Instruction.Phase.FORWARD) {
        lastForward = i;
      }
    }
    // By call, the end of the last array that becomes final with it.
    int[] ends = new int[pass.size()];
    vertices.forEach(
        (slot, vertex) -> {
          int last = lastOfVertex.getOrDefault(vertex, pass.size() - 1);
          ends[last] = Math.max(ends[last], slot.end());
        });
    int[] from = new int[pass.size()];
    int end = 0;
    for (int i = pass.size() - 1; i >= 0; i--) {
      from[i] = i < lastForward ? length : end;
      end = Math.max(end, ends[i]);
    }
    return from;
  }
}
