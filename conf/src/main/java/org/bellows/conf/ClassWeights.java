// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;
import java.util.List;

/**
 * The weights that {@code loss.class-weights} asks for.
 *
 * @param isBalanced whether each class is to count by how rare it is in the data
 * @param listed otherwise one number a class, in the order of the manifest; empty: all count alike
 */
public record ClassWeights(boolean isBalanced, List<Double> listed) implements Serializable {
  static final String BALANCED = "balanced";

  public ClassWeights {
    listed = List.copyOf(listed);
  }

  static ClassWeights balanced() {
    return new ClassWeights(true, List.of());
  }

  static ClassWeights of(List<Double> listed) {
    return new ClassWeights(false, listed);
  }

  /** Whether all classes count alike. */
  public boolean areAlike() {
    return !isBalanced && listed.isEmpty();
  }

  /** The value as it is written in a configuration. */
  public Object spelt() {
    return isBalanced ? BALANCED : listed;
  }
}
