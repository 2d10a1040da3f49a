// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bellows.models.loss.PixelLoss;
import org.bellows.models.loss.PixelSoftmax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the layout, loss and errors are those of {@link PixelLoss} to the bit. */
class PixelErrorsTest {
  private static final int CLASSES = 21;
  private static final int PICTURES = 2;

  /** More than are worked on at once, and no multiple of it. */
  private static final int PIXELS = 3000;

  private static final float[] PROBABILITIES = probabilities();
  private static final float[] TARGETS = targets();

  /** [pictures, classes, pixels]. */
  private static float[] probabilities() {
    SplittableRandom random = new SplittableRandom(1);
    float[] all = new float[0];
    for (int picture = 0; picture < PICTURES; picture++) {
      float[] z = new float[CLASSES * PIXELS];
      for (int i = 0; i < z.length; i++) {
        z[i] = (float) (random.nextDouble() * 8 - 4);
      }
      PixelSoftmax.applyInPlace(z, CLASSES);
      all = Arrays.copyOf(all, all.length + z.length);
      System.arraycopy(z, 0, all, picture * z.length, z.length);
    }
    return all;
  }

  /** [pictures, 2, pixels], with void among them. */
  private static float[] targets() {
    SplittableRandom random = new SplittableRandom(2);
    float[] targets = new float[PICTURES * 2 * PIXELS];
    for (int i = 0; i < targets.length; i++) {
      boolean isLabel = i / PIXELS % 2 == 0;
      targets[i] =
          isLabel
              ? random.nextInt(CLASSES)
              : random.nextInt(4) == 0 ? 0 : (float) random.nextDouble() / PIXELS;
    }
    return targets;
  }

  static Stream<PixelLoss> losses() {
    return Stream.of(
        PixelLoss.crossEntropy(1),
        PixelLoss.crossEntropy(0.4),
        new PixelLoss(1, 1, 2, 1, 0, 0),
        new PixelLoss(1, 1, 0, 0.3, 0, 0));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void anyLayoutHasTheBitsOfPlainArrays(PixelLoss loss) {
    float[] expected = PROBABILITIES.clone();
    double[] losses = new double[PICTURES];
    for (int picture = 0; picture < PICTURES; picture++) {
      int from = picture * CLASSES * PIXELS;
      float[] p = Arrays.copyOfRange(expected, from, from + CLASSES * PIXELS);
      losses[picture] =
          loss.probabilitiesToGradientInPlace(p, CLASSES, TARGETS, picture * 2 * PIXELS);
      System.arraycopy(p, 0, expected, from, p.length);
    }
    assertThat(losses[1]).isPositive();
    for (int inner : new int[] {1, 4, 8, 16, CLASSES}) {
      PixelErrors.Shape shape = new PixelErrors.Shape(CLASSES, PIXELS, inner);
      PixelErrors errors = new PixelErrors(loss, shape);
      FloatBuffer map = FloatBuffer.wrap(inPieces(PROBABILITIES, shape));
      for (int picture = 0; picture < PICTURES; picture++) {
        assertThat(errors.compute(map, picture, TARGETS, picture * 2 * PIXELS))
            .as("loss with %d classes in a piece", inner)
            .isEqualTo(losses[picture]);
      }
      assertThat(map.array())
          .as("errors with %d classes in a piece", inner)
          .isEqualTo(inPieces(expected, shape));
    }
  }

  /** [pictures, classes, pixels] -> [pictures, pieces, pixels, inner]. */
  private static float[] inPieces(float[] rows, PixelErrors.Shape shape) {
    float[] pieces = new float[PICTURES * shape.length()];
    for (int i = 0; i < rows.length; i++) {
      int picture = i / (CLASSES * PIXELS);
      int label = i / PIXELS % CLASSES;
      int piece = label / shape.inner();
      int to = (piece * PIXELS + i % PIXELS) * shape.inner() + label % shape.inner();
      pieces[picture * shape.length() + to] = rows[i];
    }
    return pieces;
  }

  @Test
  void regionsAreComparedRowMajor() {
    PixelLoss dice = new PixelLoss(1, 0, 0, 1, 1, 0);
    PixelErrors errors = new PixelErrors(dice, new PixelErrors.Shape(CLASSES, PIXELS, 16));
    FloatBuffer map = FloatBuffer.allocate(errors.shape().length());
    assertThatThrownBy(() -> errors.compute(map, 0, TARGETS, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("regions are compared row-major, not Shape[classes=21, pixels=3000, inner=16]");
  }
}
