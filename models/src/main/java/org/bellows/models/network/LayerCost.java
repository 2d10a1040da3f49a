// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import java.util.List;
import org.bellows.models.layer.LayerShape;

/**
 * One vertex of a network for one image.
 *
 * @param name of the vertex
 * @param what for a person, such as "convolution 3x3 /2"
 * @param companion whether it only normalises, bends or drops what one other vertex computed
 * @param inputs names of the vertices that it reads
 * @param shape of its output
 * @param trainableParameters floats that the optimizer moves
 * @param multiplyAdds of a convolution or dense layer, forward; 0 elsewhere
 * @param auxiliary whether only auxiliary heads, which inference leaves out, need it
 */
public record LayerCost(
    String name,
    String what,
    boolean companion,
    List<String> inputs,
    LayerShape shape,
    long trainableParameters,
    long multiplyAdds,
    boolean auxiliary) {

  /** channels x height x width, or the length of a vector. */
  public String shapeText() {
    return shape.toString();
  }
}
