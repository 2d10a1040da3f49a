// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import java.util.Arrays;
import org.bellows.models.layer.LayerShape.FeatureMap;

/** A map of scores, resampled bilinearly to a picture's size. */
final class ResampledScores implements ClassScores {
  private final float[] scores;
  private final FeatureMap map;
  private final Positions rows;
  private final Positions columns;

  /** A row between two of the map. */
  private final float[] line;

  ResampledScores(ScoreMap scores, int height, int width) {
    this.scores = scores.values();
    this.map = scores.map();
    this.rows = new Positions(scores.rows(), height);
    this.columns = new Positions(scores.columns(), width);
    this.line = new float[map.channels() * map.width()];
  }

  @Override
  public int classes() {
    return map.channels();
  }

  @Override
  public int height() {
    return rows.before.length;
  }

  @Override
  public int width() {
    return columns.before.length;
  }

  @Override
  public void row(int row, float[] out) {
    blendRows(row);
    blendColumns(out);
  }

  private void blendRows(int row) {
    int width = map.width();
    float share = rows.shares[row];
    for (int c = 0; c < map.channels(); c++) {
      int upper = (c * map.height() + rows.before[row]) * width;
      int lower = (c * map.height() + rows.after[row]) * width;
      for (int i = 0; i < width; i++) {
        line[c * width + i] = scores[upper + i] + share * (scores[lower + i] - scores[upper + i]);
      }
    }
  }

  private void blendColumns(float[] out) {
    int width = columns.before.length;
    for (int c = 0; c < map.channels(); c++) {
      int row = c * map.width();
      for (int i = 0; i < width; i++) {
        float left = line[row + columns.before[i]];
        out[c * width + i] = left + columns.shares[i] * (line[row + columns.after[i]] - left);
      }
    }
  }

  /** Where the pixels of a line are between those of the map. */
  private static final class Positions {
    private final int[] before;
    private final int[] after;
    private final float[] shares;

    Positions(ScoreMap.Side side, int length) {
      before = new int[length];
      after = new int[length];
      shares = new float[length];
      Arrays.setAll(before, i -> (int) side.position(i, length));
      Arrays.setAll(after, i -> Math.min(side.map() - 1, before[i] + 1));
      for (int i = 0; i < length; i++) {
        shares[i] = (float) (side.position(i, length) - before[i]);
      }
    }
  }
}
