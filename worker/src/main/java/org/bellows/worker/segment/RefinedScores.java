// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import org.bellows.data.decode.image.RasterImage;
import org.bellows.worker.crf.DenseCrf;

/**
 * Scores of all pixels of a picture after a conditional random field.
 *
 * @param values [classes, height, width]; not copied
 */
public record RefinedScores(float[] values, int classes, int height, int width)
    implements ClassScores {

  /**
   * @param picture that the scores are of, of their size
   */
  public static RefinedScores of(ClassScores scores, DenseCrf field, RasterImage picture) {
    int pixels = Math.multiplyExact(scores.height(), scores.width());
    float[] all = new float[Math.multiplyExact(scores.classes(), pixels)];
    float[] line = new float[scores.classes() * scores.width()];
    for (int row = 0; row < scores.height(); row++) {
      scores.row(row, line);
      for (int c = 0; c < scores.classes(); c++) {
        int to = c * pixels + row * scores.width();
        System.arraycopy(line, c * scores.width(), all, to, scores.width());
      }
    }
    return new RefinedScores(
        field.refined(all, scores.classes(), picture),
        scores.classes(),
        scores.height(),
        scores.width());
  }

  @Override
  public void row(int row, float[] out) {
    for (int c = 0; c < classes; c++) {
      System.arraycopy(values, (c * height + row) * width, out, c * width, width);
    }
  }
}
