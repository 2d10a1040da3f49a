// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bellows.conf.BellowsException;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;

/**
 * One network for pictures of any size. Where no layer sees a whole map, the same parameters serve
 * all sizes; the order in which the network lists them may differ, their names and lengths do not.
 */
public final class NetworkSizes {
  private final NetworkGraph own;
  private final Function<InputShape, NetworkGraph> builder;

  /**
   * @param own the network for the size that it is trained at
   * @param builder makes the network for a size
   */
  public NetworkSizes(NetworkGraph own, Function<InputShape, NetworkGraph> builder) {
    this.own = own;
    this.builder = builder;
  }

  /** A network that is known for its own size only. */
  public static NetworkSizes only(NetworkGraph own) {
    return new NetworkSizes(own, picture -> own);
  }

  /**
   * The network for pictures of a size.
   *
   * @throws BellowsException (configuration) when its parameters depend on the size, or there is no
   *     network for it
   */
  public NetworkGraph at(InputShape picture) {
    if (picture.equals(own.inputShape())) {
      return own;
    }
    NetworkGraph other;
    try {
      other = builder.apply(picture);
    } catch (IllegalArgumentException e) {
      throw BellowsException.configuration(
          "there is no network for pictures of %s: %s".formatted(picture, e.getMessage()));
    }
    if (!other.inputShape().equals(picture)) {
      throw BellowsException.configuration(
          "pictures are %s, expected %s".formatted(picture, other.inputShape()));
    }
    Map<String, Integer> expected = lengths(own);
    lengths(other)
        .forEach(
            (name, length) -> {
              if (!length.equals(expected.get(name))) {
                throw BellowsException.configuration(
                    "a network trained at %s cannot read pictures of %s: parameter %s has %d values there, %d here"
                        .formatted(own.inputShape(), picture, name, length, expected.get(name)));
              }
            });
    return other;
  }

  private static Map<String, Integer> lengths(NetworkGraph graph) {
    return graph.storedArrays().stream()
        .collect(
            Collectors.toMap(NetworkGraph.StoredArray::name, NetworkGraph.StoredArray::length));
  }
}
