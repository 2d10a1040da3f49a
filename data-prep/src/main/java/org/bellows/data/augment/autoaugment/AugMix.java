// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.autoaugment;

import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.data.augment.autoaugment.RangedStrength.Ranges;
import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.augment.picture.PixelAugmentation;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.BetaDistribution;
import org.bellows.data.random.SampleRandom;

/**
 * Hendrycks et al. 2020, "AugMix" (arXiv 1912.02781), Algorithm 1: the picture, and three chains of
 * one to three operations on it, are blended.
 *
 * <pre>
 *   out = m x + (1 - m) (w1 chain1(x) + w2 chain2(x) + w3 chain3(x))
 *   m ~ Beta(1, 1)    (w1, w2, w3) ~ Dirichlet(1, 1, 1)
 * </pre>
 *
 * <p>The operations are those nine that the paper's test corruptions do not contain. Deviations:
 * the sum is rounded to 8 bits, and the paper's second part, a loss on two augmented forms of a
 * picture, is not there.
 *
 * @param severity strengths are drawn evenly from 0.1 to this, of 10; the paper has 3
 * @param fill grey value 0 to 255 of what is uncovered
 */
public record AugMix(int severity, int fill) implements PixelAugmentation {
  /** The end of each operation's range. */
  public static final int GREATEST_SEVERITY = 10;

  private static final Ranges RANGES = new Ranges(0.3, 1.0 / 3, 0, 30, 0, 4, 4);
  private static final int CHAINS = 3;
  private static final int LONGEST_CHAIN = 3;
  private static final double LEAST_SEVERITY = 0.1;
  private static final List<Operation> OPERATIONS =
      List.of(
          Operation.AUTO_CONTRAST,
          Operation.EQUALIZE,
          Operation.POSTERIZE,
          Operation.ROTATE,
          Operation.SOLARIZE,
          Operation.SHEAR_X,
          Operation.SHEAR_Y,
          Operation.TRANSLATE_X,
          Operation.TRANSLATE_Y);

  @Override
  public MaskedPicture apply(MaskedPicture picture, SampleRandom random) {
    if (picture.mask() != null) {
      throw BellowsException.configuration(
          "augment.auto-augment is aug-mix, but the dataset has label maps, which cannot be blended; allowed: any other");
    }
    double own = new BetaDistribution(1, 1).sample(random);
    double[] weights = evenWeights(random);
    byte[] original = picture.pixels().interleaved();
    float[] sum = new float[original.length];
    add(sum, original, own);
    for (double weight : weights) {
      add(sum, chain(picture, random).pixels().interleaved(), (1 - own) * weight);
    }
    byte[] mixed = new byte[sum.length];
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] = (byte) Math.min(255, Math.round(sum[i]));
    }
    RasterImage pixels = picture.pixels();
    return picture.withPixels(
        new RasterImage(pixels.height(), pixels.width(), pixels.channels(), mixed));
  }

  private MaskedPicture chain(MaskedPicture picture, SampleRandom random) {
    MaskedPicture changed = picture;
    int length = 1 + random.nextInt(LONGEST_CHAIN);
    for (int i = 0; i < length; i++) {
      Operation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
      double share = random.nextDouble(LEAST_SEVERITY, severity) / GREATEST_SEVERITY;
      boolean isNegative = random.nextBoolean();
      changed = operation.apply(changed, new RangedStrength(RANGES, share, isNegative), fill, 0);
    }
    return changed;
  }

  /** Dirichlet(1, 1, 1): the shares of exponential variates in their sum. */
  private static double[] evenWeights(SampleRandom random) {
    double[] weights = new double[CHAINS];
    double sum = 0;
    for (int i = 0; i < CHAINS; i++) {
      // 1 - u is in (0, 1]: its logarithm is finite.
      weights[i] = -StrictMath.log(1 - random.nextDouble());
      sum += weights[i];
    }
    for (int i = 0; i < CHAINS; i++) {
      weights[i] = sum == 0 ? 1.0 / CHAINS : weights[i] / sum;
    }
    return weights;
  }

  private static void add(float[] sum, byte[] values, double weight) {
    float factor = (float) weight;
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * (values[i] & 0xFF);
    }
  }
}
