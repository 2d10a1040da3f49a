// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;
import java.util.List;

/**
 * The weights that {@code loss.positive-weights} asks for.
 *
 * @param balanced whether they follow from the data
 * @param listed one number a class, in the order of the manifest; empty: yes counts as no, or as
 *     the data says
 */
public record PositiveWeights(boolean balanced, List<Double> listed) implements Serializable {
  /** The value that has them counted. */
  public static final String BALANCED = "balanced";

  /** What stands before a list among what is allowed. */
  public static final String WORDS = BALANCED + " or ";

  public PositiveWeights {
    listed = List.copyOf(listed);
  }

  public static PositiveWeights ofBalanced() {
    return new PositiveWeights(true, List.of());
  }

  public static PositiveWeights of(List<Double> listed) {
    return new PositiveWeights(false, listed);
  }

  /** Whether yes counts as no in all classes. */
  public boolean areAlike() {
    return !balanced && listed.isEmpty();
  }

  /** The value as it is written in a configuration. */
  public Object spelt() {
    return balanced ? BALANCED : listed;
  }
}
