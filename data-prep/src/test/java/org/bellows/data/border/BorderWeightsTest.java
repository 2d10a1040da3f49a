// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.border;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.RasterImage;
import org.junit.jupiter.api.Test;

class BorderWeightsTest {
  private static final double W0 = 10;
  private static final double SIGMA = 5;

  private static float[] weights(BorderWeights borders, int height, int width, int... ids) {
    RasterImage labels = new RasterImage(height, width, 1, new byte[ids.length]);
    float[] out = new float[ids.length + 1];
    borders.write(LabelMaps.joined(labels, ids), out, 1);
    assertThat(out[0]).isZero();
    return Arrays.copyOfRange(out, 1, out.length);
  }

  /**
   * Two objects in one row, with three pixels between them: object 1 ends at column 1, object 2
   * begins at column 5. From column 3 it is 2 to both, from column 0 it is 1 and 5.
   */
  @Test
  void isTheFormulaOfThePaper() {
    float[] weights = weights(new BorderWeights(W0, SIGMA), 1, 7, 1, 1, 0, 0, 0, 2, 2);
    double[] sums = {1 + 5, 0 + 4, 1 + 3, 2 + 2, 3 + 1, 4 + 0, 5 + 1};
    for (int i = 0; i < sums.length; i++) {
      double expected = 10 * Math.exp(-sums[i] * sums[i] / 50);
      assertThat((double) weights[i]).as("column %d", i).isCloseTo(expected, within(1e-6));
    }
  }

  /** (1, 1) and (3, 4) are borders of two objects; from (1, 3) it is 2 and the root of 5. */
  @Test
  void distancesAreEuclidean() {
    int[] ids = new int[5 * 6];
    ids[6 + 1] = 300;
    ids[3 * 6 + 4] = 2;
    double sum = 2 + Math.sqrt(5);
    assertThat((double) weights(new BorderWeights(3, 2), 5, 6, ids)[6 + 3])
        .isCloseTo(3 * Math.exp(-sum * sum / 8), within(1e-6));
  }

  /** One pixel between them on the left, touching on the right. */
  @Test
  void objectsThatTouchWeighMost() {
    int[] ids = {
      1, 1, 1,
      0, 2, 2,
      2, 2, 2
    };
    float[] weights = weights(new BorderWeights(W0, SIGMA), 3, 3, ids);
    assertThat((double) weights[1]).isCloseTo(10 * Math.exp(-1.0 / 50), within(1e-6));
    assertThat((double) weights[4]).isCloseTo(10 * Math.exp(-1.0 / 50), within(1e-6));
    assertThat((double) weights[3]).isCloseTo(10 * Math.exp(-4.0 / 50), within(1e-6));
  }

  @Test
  void oneObjectHasNoBorderToAnother() {
    int[] ids = {1, 1, 0, 0, 1, 0};
    assertThat(weights(new BorderWeights(W0, SIGMA), 2, 3, ids)).containsOnly(0);
    assertThat(weights(new BorderWeights(W0, SIGMA), 2, 3, new int[6])).containsOnly(0);
  }

  /** Whatever the reach, against distances to all pixels one after the other. */
  @Test
  void distancesAreThoseOfAllPixels() {
    SplittableRandom random = new SplittableRandom(11);
    for (int round = 0; round < 60; round++) {
      int height = 1 + random.nextInt(19);
      int width = 1 + random.nextInt(23);
      int objects = random.nextInt(5);
      int[] ids = new int[height * width];
      for (int i = 0; i < objects; i++) {
        int top = random.nextInt(height);
        int left = random.nextInt(width);
        int bottom = Math.min(height, top + 1 + random.nextInt(6));
        int right = Math.min(width, left + 1 + random.nextInt(6));
        for (int row = top; row < bottom; row++) {
          Arrays.fill(ids, row * width + left, row * width + right, i + 1);
        }
      }
      for (int reach : new int[] {100, 4}) {
        NearestInstances nearest = new NearestInstances(ids, height, width, reach);
        for (int pixel = 0; pixel < ids.length; pixel++) {
          double expected = slowly(ids, height, width, pixel);
          String where = "round %d, pixel %d, reach %d".formatted(round, pixel, reach);
          if (expected > reach) {
            assertThat(nearest.sum(pixel)).as(where).isGreaterThan(reach);
          } else {
            assertThat(nearest.sum(pixel)).as(where).isEqualTo(expected);
          }
        }
      }
    }
  }

  private static double slowly(int[] ids, int height, int width, int pixel) {
    double[] squares = new double[6];
    Arrays.fill(squares, Double.POSITIVE_INFINITY);
    for (int other = 0; other < ids.length; other++) {
      int row = other / width;
      int column = other % width;
      boolean isBorder =
          (row > 0 && ids[other - width] != ids[other])
              || (row < height - 1 && ids[other + width] != ids[other])
              || (column > 0 && ids[other - 1] != ids[other])
              || (column < width - 1 && ids[other + 1] != ids[other]);
      if (ids[other] > 0 && isBorder) {
        int down = row - pixel / width;
        int beside = column - pixel % width;
        squares[ids[other]] = Math.min(squares[ids[other]], down * down + beside * beside);
      }
    }
    Arrays.sort(squares);
    return Math.sqrt(squares[0]) + Math.sqrt(squares[1]);
  }
}
