// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.Locale;

/** Which labels of a label map the pixels of a smaller map of answers are compared with. */
public enum LabelFit {
  /**
   * Those in the middle: the answers are of the picture's own scale, and its rim has none, as where
   * convolutions are not padded (Ronneberger et al. 2015, figure 1).
   */
  CENTRE,
  /**
   * Every so many, from the first on: the answers are of a smaller scale (Chen et al. 2015, section
   * 3.2).
   */
  SHRINK;

  /**
   * The row, or column, of the label map.
   *
   * @param at row of the answers
   * @param answers rows of the map of answers
   * @param labels rows of the label map, not fewer
   */
  public int source(int at, int answers, int labels) {
    return switch (this) {
      case CENTRE -> at + (labels - answers) / 2;
      case SHRINK -> Math.min(labels - 1, at * ((labels + answers - 1) / answers));
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
