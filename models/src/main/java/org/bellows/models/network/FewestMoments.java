// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import java.util.Comparator;
import java.util.Optional;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.BatchNorm;

/**
 * The layer whose BatchNorm has the fewest values of a picture to take mean and variance of: those
 * of one channel of its map.
 *
 * @param layer name of the BatchNorm
 * @param values of a channel and picture
 */
public record FewestMoments(String layer, long values) {

  /** Of several the first; empty where no BatchNorm takes the moments of its batch. */
  public static Optional<FewestMoments> of(NetworkGraph graph) {
    return graph.vertices().stream()
        .filter(vertex -> vertex.layer() instanceof BatchNorm norm && !norm.isFrozen())
        .map(
            vertex ->
                new FewestMoments(
                    vertex.name(), vertex.shape().elements() / vertex.shape().channels()))
        .min(Comparator.comparingLong(FewestMoments::values));
  }
}
