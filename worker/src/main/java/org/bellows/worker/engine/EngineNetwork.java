// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;

/**
 * All that an engine is given of a network.
 *
 * @param layout of the flat vectors
 * @param parameters [layout.length()] that the network begins with, the same for every engine; not
 *     changed, and not needed once the engine is open
 * @param sizes the same network for pictures of other sizes
 */
public record EngineNetwork(
    NetworkGraph graph, FlatLayout layout, float[] parameters, NetworkSizes sizes) {

  /** For pictures of one size. */
  public EngineNetwork(NetworkGraph graph, FlatLayout layout, float[] parameters) {
    this(graph, layout, parameters, NetworkSizes.only(graph));
  }

  /**
   * For pictures of one size.
   *
   * @param seed of the parameters
   */
  public static EngineNetwork of(NetworkGraph graph, long seed) {
    return of(graph, NetworkSizes.only(graph), seed);
  }

  /**
   * @param seed of the parameters
   */
  public static EngineNetwork of(NetworkGraph graph, NetworkSizes sizes, long seed) {
    return new EngineNetwork(
        graph, FlatLayout.of(graph), Dl4jGraph.initialParameters(graph, seed), sizes);
  }
}
