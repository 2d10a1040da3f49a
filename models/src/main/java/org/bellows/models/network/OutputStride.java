// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import java.util.HashMap;
import java.util.Map;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.NetworkGraph.Vertex;
import org.bellows.models.layer.Convolution;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.Pool;

/**
 * By how much a network's smallest map is smaller than the picture (Chen et al. 2017, "Rethinking
 * Atrous Convolution", section 3): a picture whose sides are multiples of it leaves no pixel
 * outside of any window.
 */
public final class OutputStride {
  private OutputStride() {}

  /** The product of the strides of convolutions and pools on a way through the network, at most. */
  public static int of(NetworkGraph network) {
    Map<String, Integer> strides = new HashMap<>(Map.of(network.input(), 1));
    int largest = 1;
    for (Vertex vertex : network.vertices()) {
      int before = vertex.inputs().stream().mapToInt(strides::get).max().orElse(1);
      int stride = before * own(vertex.layer());
      strides.put(vertex.name(), stride);
      largest = Math.max(largest, stride);
    }
    return largest;
  }

  private static int own(Layer layer) {
    if (layer instanceof Convolution convolution) {
      return convolution.window().stride();
    }
    return layer instanceof Pool pool ? pool.window().stride() : 1;
  }
}
