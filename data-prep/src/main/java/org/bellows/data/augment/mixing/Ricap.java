// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.mixing;

import org.bellows.data.random.BetaDistribution;
import org.bellows.data.random.SampleRandom;

/**
 * Takahashi et al. 2018, "Data Augmentation using Random Image Cropping and Patching for Deep CNNs"
 * (arXiv 1811.09030), section 3.1: four pictures are cropped and patched around one point.
 *
 * <pre>
 *   w = round(w' * W), h = round(h' * H)      w', h' ~ Beta(beta, beta)
 *   patches:  1 upper left    w x h           2 upper right   (W - w) x h
 *             3 lower left    w x (H - h)     4 lower right   (W - w) x (H - h)
 *   xk ~ U(0, W - wk), yk ~ U(0, H - hk)      where patch k is cropped
 *   Wk = wk * hk / (W * H)                    its share of the label
 * </pre>
 *
 * <p>As in the paper's own code, the point and the places are drawn once a batch, and each patch
 * comes from a permutation of the batch.
 *
 * @param beta greater than 0; the paper has 0.3
 */
public record Ricap(double beta) implements Mixing {
  private static final int PATCHES = 4;

  @Override
  public MixableBatch mix(MixableBatch batch, SampleRandom random) {
    BetaDistribution distribution = new BetaDistribution(beta, beta);
    int pointX = (int) Math.round(batch.width() * distribution.sample(random));
    int pointY = (int) Math.round(batch.height() * distribution.sample(random));
    float[] pixels = new float[batch.pixels().length];
    float[] targets = new float[batch.targets().length];
    for (int quarter = 0; quarter < PATCHES; quarter++) {
      boolean isRight = quarter % 2 == 1;
      boolean isLower = quarter >= 2;
      int width = isRight ? batch.width() - pointX : pointX;
      int height = isLower ? batch.height() - pointY : pointY;
      int[] partners = random.permutation(batch.samples());
      Patch patch =
          new Patch(
              random.nextInt(batch.width() - width + 1),
              random.nextInt(batch.height() - height + 1),
              isRight ? pointX : 0,
              isLower ? pointY : 0,
              width,
              height);
      patch.copy(batch, partners, pixels);
      double area = (double) width * height / ((double) batch.width() * batch.height());
      batch.addTargets(targets, partners, (float) area);
    }
    return batch.with(pixels, targets);
  }

  /** A rectangle cropped at (fromX, fromY) and placed at (toX, toY). */
  private record Patch(int fromX, int fromY, int toX, int toY, int width, int height) {
    void copy(MixableBatch batch, int[] partners, float[] pixels) {
      for (int sample = 0; sample < batch.samples(); sample++) {
        for (int channel = 0; channel < batch.channels(); channel++) {
          for (int row = 0; row < height; row++) {
            int from = batch.at(partners[sample], channel, fromY + row) + fromX;
            int to = batch.at(sample, channel, toY + row) + toX;
            System.arraycopy(batch.pixels(), from, pixels, to, width);
          }
        }
      }
    }
  }
}
