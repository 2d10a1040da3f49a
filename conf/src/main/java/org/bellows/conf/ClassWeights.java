// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;
import java.util.List;
import org.bellows.conf.text.ValueText;

/**
 * The weights that {@code loss.class-weights} asks for.
 *
 * @param listed one number a class, in the order of the manifest; empty: all count alike, or as the
 *     rule says
 */
public record ClassWeights(Rule rule, List<Double> listed) implements Serializable {
  /** What stands before a list among what is allowed. */
  public static final String WORDS = "balanced, median-frequency or ";

  /** Where weights come from. */
  public enum Rule {
    /** They are listed. */
    LISTED,
    /** All classes have the same weight together. */
    BALANCED,
    /** Eigen and Fergus 2015, section 6.3.2: of pixels. */
    MEDIAN_FREQUENCY
  }

  public ClassWeights {
    listed = List.copyOf(listed);
  }

  public static ClassWeights of(Rule rule) {
    return new ClassWeights(rule, List.of());
  }

  public static ClassWeights of(List<Double> listed) {
    return new ClassWeights(Rule.LISTED, listed);
  }

  /** Whether they follow from the data. */
  public boolean areCounted() {
    return rule != Rule.LISTED;
  }

  /** Whether all classes count alike. */
  public boolean areAlike() {
    return !areCounted() && listed.isEmpty();
  }

  /** The value as it is written in a configuration. */
  public Object spelt() {
    return areCounted() ? ValueText.name(rule) : listed;
  }
}
