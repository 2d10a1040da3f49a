// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.crf;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bellows.conf.CrfSettings;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.models.loss.PixelSoftmax;

/**
 * Mean field of the fully connected conditional random field (Kraehenbuehl and Koltun 2011,
 * "Efficient Inference in Fully Connected CRFs with Gaussian Edge Potentials", algorithm 1): pixels
 * that are near each other and of similar colour tend to be of one class. With positions p in
 * pixels, colours I of 0..255 a channel:
 *
 * <pre>
 * k(i, j) = w1 exp(-|p_i - p_j|^2 / 2 s_a^2 - |I_i - I_j|^2 / 2 s_b^2)   appearance
 *         + w2 exp(-|p_i - p_j|^2 / 2 s_g^2)                             smoothness
 * Q = softmax(log p);  repeat: Q = softmax(log p + sum over kernels of w K Q)
 * </pre>
 *
 * <p>Two classes that differ cost the same whichever they are (Potts). As in the authors' program,
 * and unlike the paper's formula, a kernel's matrix is made D^-1/2 K D^-1/2, where D holds the sums
 * of its rows, and a pixel is a neighbour of itself. Sums over all pixels are those of a {@link
 * PermutohedralLattice}.
 *
 * <p>Single-threaded; equal input gives equal bits. Threads may share it.
 */
public final class DenseCrf {
  private static final int RGB = 3;
  private static final int POSITION = 2;

  /**
   * Vertices a pixel that photographs touch in the lattice of appearance: 0.7 with the default
   * deviations, 1.9 with 1 of colour. Noise touches up to 6.
   */
  private static final int APPEARANCE_VERTICES = 2;

  /** Vertices a pixel of the other lattice, at most. */
  private static final int SMOOTHNESS_VERTICES = POSITION + 1;

  /** Scores, their logarithms and what is added to them, probabilities, scaled and filtered. */
  private static final int ARRAYS = 6;

  private final CrfSettings settings;

  public DenseCrf(CrfSettings settings) {
    this.settings = settings;
  }

  /** Empty where it is not enabled. */
  public static Optional<DenseCrf> of(CrfSettings settings) {
    return settings.enabled() ? Optional.of(new DenseCrf(settings)) : Optional.empty();
  }

  /**
   * Bytes that refining a photograph takes.
   *
   * @param pixels of it
   */
  public static long heapBytes(int classes, long pixels) {
    long appearance = APPEARANCE_VERTICES * pixels;
    long smoothness = SMOOTHNESS_VERTICES * pixels;
    return (long) Float.BYTES * pixels * ((long) ARRAYS * classes + 2)
        + PermutohedralLattice.heldBytes(pixels, appearance, POSITION + RGB)
        + PermutohedralLattice.heldBytes(pixels, smoothness, POSITION)
        + PermutohedralLattice.filteringBytes(Math.max(appearance, smoothness));
  }

  /** One kernel of a picture. */
  private record Kernel(float weight, PermutohedralLattice lattice, float[] normalisation) {
    static Kernel of(double weight, float[] features, int dimensions) {
      PermutohedralLattice lattice = new PermutohedralLattice(features, dimensions);
      float[] sums = new float[features.length / dimensions];
      Arrays.fill(sums, 1);
      sums = lattice.filter(sums);
      for (int i = 0; i < sums.length; i++) {
        sums[i] = (float) (1 / Math.sqrt(sums[i]));
      }
      return new Kernel((float) weight, lattice, sums);
    }

    /** Adds w D^-1/2 K D^-1/2 q to z, both [classes, pixels]. */
    void addTo(float[] z, float[] q) {
      float[] scaled = new float[q.length];
      for (int i = 0; i < q.length; i += normalisation.length) {
        for (int pixel = 0; pixel < normalisation.length; pixel++) {
          scaled[i + pixel] = q[i + pixel] * normalisation[pixel];
        }
      }
      float[] filtered = lattice.filter(scaled);
      for (int i = 0; i < z.length; i += normalisation.length) {
        for (int pixel = 0; pixel < normalisation.length; pixel++) {
          z[i + pixel] += weight * normalisation[pixel] * filtered[i + pixel];
        }
      }
    }
  }

  /**
   * @param logits [classes, height, width] of the picture's own size, or logarithms of
   *     probabilities; not changed
   * @param picture height x width x 1 or 3
   * @return logits of the same shape, up to a summand a pixel; {@code logits} where one is not
   *     finite, as it would spread over the picture
   */
  public float[] refined(float[] logits, int classes, RasterImage picture) {
    if (logits.length != (long) classes * picture.height() * picture.width()) {
      throw new IllegalArgumentException(
          "%d logits of %d classes for a picture of %d x %d"
              .formatted(logits.length, classes, picture.height(), picture.width()));
    }
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        return logits;
      }
    }
    List<Kernel> kernels =
        List.of(
            Kernel.of(settings.appearanceWeight(), appearance(picture), POSITION + RGB),
            Kernel.of(settings.smoothnessWeight(), positions(picture), POSITION));
    float[] unary = logarithms(logits, classes);
    float[] z = unary;
    for (int iteration = 0; iteration < settings.iterations(); iteration++) {
      float[] q = z.clone();
      PixelSoftmax.applyInPlace(q, classes);
      z = unary.clone();
      for (Kernel kernel : kernels) {
        kernel.addTo(z, q);
      }
    }
    return z;
  }

  /** Of the probabilities: z - log(sum of exp(z)). */
  private static float[] logarithms(float[] logits, int classes) {
    int pixels = logits.length / classes;
    float[] scratch = logits.clone();
    float[] surprise = new float[pixels];
    PixelSoftmax.applyInPlace(scratch, classes, new float[pixels], 0, surprise);
    float[] logarithms = logits.clone();
    for (int i = 0; i < logarithms.length; i += pixels) {
      for (int pixel = 0; pixel < pixels; pixel++) {
        logarithms[i + pixel] = logits[i + pixel] - logits[pixel] - surprise[pixel];
      }
    }
    return logarithms;
  }

  private float[] positions(RasterImage picture) {
    float[] features = new float[Math.multiplyExact(POSITION, picture.height() * picture.width())];
    float scale = (float) (1 / settings.smoothnessPixels());
    int at = 0;
    for (int row = 0; row < picture.height(); row++) {
      for (int column = 0; column < picture.width(); column++) {
        features[at++] = column * scale;
        features[at++] = row * scale;
      }
    }
    return features;
  }

  private float[] appearance(RasterImage picture) {
    int dimensions = POSITION + RGB;
    float[] features =
        new float[Math.multiplyExact(dimensions, picture.height() * picture.width())];
    float ofPosition = (float) (1 / settings.appearancePixels());
    float ofColour = (float) (1 / settings.appearanceLevels());
    int at = 0;
    for (int row = 0; row < picture.height(); row++) {
      for (int column = 0; column < picture.width(); column++) {
        features[at++] = column * ofPosition;
        features[at++] = row * ofPosition;
        for (int channel = 0; channel < RGB; channel++) {
          int own = Math.min(channel, picture.channels() - 1);
          features[at++] = picture.at(row, column, own) * ofColour;
        }
      }
    }
    return features;
  }
}
