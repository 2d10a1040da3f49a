// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import org.bellows.models.graph.InputShape;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.LayerShape.FeatureMap;

/**
 * Tiles that each answer for the middle of what the network is shown, so that every answer has its
 * surroundings; beyond the picture's border it is mirrored (Ronneberger et al. 2015, figure 2). The
 * last tile of a line is moved back into the picture.
 *
 * @param kept the middle that is kept of a network that answers for its whole input, as a share of
 *     a side; of others it is what they answer for
 */
record OverlapTiles(double kept) implements PictureInference {
  @Override
  public ScoreMap scores(PixelNetwork network, Planes picture) {
    InputShape shown = network.input();
    int height = picture.height();
    int width = picture.width();
    float[] all = new float[Math.multiplyExact(network.classes() * height, width)];
    FeatureMap map = network.map(shown);
    Middle rows = middle(network.fit(), map.height(), shown.height());
    Middle columns = middle(network.fit(), map.width(), shown.width());
    for (int top : WindowStarts.of(height, rows.length, rows.length)) {
      for (int left : WindowStarts.of(width, columns.length, columns.length)) {
        float[] pixels = picture.window(top - rows.rim, left - columns.rim, shown);
        ClassScores tile = network.scores(pixels, shown).at(shown.height(), shown.width());
        copy(tile, rows, columns, new Place(all, height, width, top, left));
      }
    }
    return ScoreMap.ofPixels(all, network.classes(), height, width);
  }

  /** The part of a side that is kept. */
  private record Middle(int rim, int length) {}

  private Middle middle(LabelFit fit, int map, int shown) {
    if (fit == LabelFit.CENTRE && map < shown) {
      return new Middle(fit.source(0, map, shown), map);
    }
    int rim = (shown - Math.max(1, (int) Math.round(shown * kept))) / 2;
    return new Middle(rim, shown - 2 * rim);
  }

  /** Where in the picture a tile goes. */
  private record Place(float[] all, int height, int width, int top, int left) {}

  private static void copy(ClassScores tile, Middle rows, Middle columns, Place place) {
    int across = tile.width();
    float[] line = new float[tile.classes() * across];
    int rowsHere = Math.min(rows.length, place.height - place.top);
    int columnsHere = Math.min(columns.length, place.width - place.left);
    for (int row = 0; row < rowsHere; row++) {
      tile.row(rows.rim + row, line);
      for (int c = 0; c < tile.classes(); c++) {
        System.arraycopy(
            line,
            c * across + columns.rim,
            place.all,
            (c * place.height + place.top + row) * place.width + place.left,
            columnsHere);
      }
    }
  }
}
