// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import org.bellows.models.graph.InputShape;

/**
 * Windows of the network's input at equal distances, the last of a line moved back into the
 * picture; where they overlap, probabilities are averaged (Zhao et al. 2017, the program that
 * belongs to it). A picture that is smaller than the window is extended at the bottom and right by
 * the mean.
 *
 * @param stride distance of two windows, as a share of a window's side
 */
record SlidingWindow(double stride) implements PictureInference {
  @Override
  public ScoreMap scores(PixelNetwork network, Planes picture) {
    InputShape window = network.input();
    Planes shown =
        picture.padded(
            Math.max(picture.height(), window.height()), Math.max(picture.width(), window.width()));
    ScoreSums sums = new ScoreSums(network.classes(), shown.height(), shown.width());
    for (int top : WindowStarts.of(shown.height(), window.height(), step(window.height()))) {
      for (int left : WindowStarts.of(shown.width(), window.width(), step(window.width()))) {
        ScoreMap scores = network.scores(shown.window(top, left, window), window);
        sums.add(scores.at(window.height(), window.width()), top, left, false);
      }
    }
    return sums.scores().ofFirst(picture.height(), picture.width());
  }

  private int step(int side) {
    return Math.max(1, (int) Math.round(side * stride));
  }
}
