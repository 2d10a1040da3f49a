// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.LayerShape.FeatureMap;

/**
 * A network's scores for a picture of the size that it was shown.
 *
 * @param values as {@code map} says, row-major; not copied
 * @param rows where the map's rows are among those of the picture
 * @param columns where its columns are
 */
record ScoreMap(float[] values, FeatureMap map, Side rows, Side columns) {

  /**
   * One side of a map of scores.
   *
   * @param map pixels of the map
   * @param shown pixels that the network was shown
   * @param picture of them, how many are the picture's; padding follows
   * @param fit where the map's pixels are among those that were shown
   */
  record Side(int map, int shown, int picture, LabelFit fit) {

    /**
     * Where a pixel of the picture is in the map.
     *
     * @param i of {@code length} pixels of the picture, at the size that is asked for
     */
    double position(int i, int length) {
      double at = (i + 0.5) * picture / length - 0.5;
      int shrink = (shown + map - 1) / map;
      double inMap =
          switch (fit) {
            case CENTRE -> at - fit.source(0, map, shown);
            case SHRINK -> at / shrink;
          };
      return Math.min(map - 1, Math.max(0, inMap));
    }
  }

  /** Of a picture that was shown without padding. */
  static ScoreMap of(float[] values, FeatureMap map, int height, int width, LabelFit fit) {
    return new ScoreMap(
        values,
        map,
        new Side(map.height(), height, height, fit),
        new Side(map.width(), width, width, fit));
  }

  /** A score for each pixel that was shown. */
  static ScoreMap ofPixels(float[] values, int classes, int height, int width) {
    return of(values, new FeatureMap(classes, height, width), height, width, LabelFit.CENTRE);
  }

  /** Only the first rows and columns that were shown are the picture's. */
  ScoreMap ofFirst(int height, int width) {
    return new ScoreMap(
        values,
        map,
        new Side(rows.map, rows.shown, height, rows.fit),
        new Side(columns.map, columns.shown, width, columns.fit));
  }

  /** Resampled bilinearly, centres of pixels aligned, to a size of the picture. */
  ClassScores at(int height, int width) {
    return new ResampledScores(this, height, width);
  }
}
