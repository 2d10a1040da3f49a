// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.torch;

import java.util.HashMap;
import java.util.Map;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.NetworkGraph.Vertex;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.Unpool;
import org.bytedeco.pytorch.Tensor;

/** The max pools of a network whose places of maxima another layer needs: PyTorch pools once. */
final class TorchPlaces {
  private final Map<Key, Places> places = new HashMap<>();

  /**
   * @param from the vertex that is pooled
   */
  private record Key(String from, Pool pool) {}

  TorchPlaces(NetworkGraph graph) {
    for (Vertex vertex : graph.vertices()) {
      if (vertex.layer() instanceof Unpool unpool) {
        places.put(new Key(vertex.inputs().get(1), unpool.pool()), new Places());
      }
    }
  }

  /**
   * @param from the vertex that is pooled
   * @return null where nothing needs the places
   */
  Places of(String from, Pool pool) {
    return places.get(new Key(from, pool));
  }

  /** What one pool found in the pass that runs. */
  static final class Places {
    private Tensor array;

    void keep(Tensor found) {
      array = found;
    }

    Tensor get() {
      return array;
    }
  }
}
