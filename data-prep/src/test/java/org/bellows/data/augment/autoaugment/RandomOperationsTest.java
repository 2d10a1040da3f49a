// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.autoaugment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.bellows.conf.BellowsException;
import org.bellows.data.TestImages;
import org.bellows.data.augment.autoaugment.RangedStrength.Ranges;
import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.augment.picture.PixelAugmentation;
import org.bellows.data.augment.picture.VerticalFlip;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;

/** RandAugment, TrivialAugment, AugMix and the vertical flip. */
class RandomOperationsTest {
  private static final Ranges RANGES = new Ranges(0.3, 150.0 / 331, 0, 30, 0.9, 8, 4);

  private final RasterImage picture = TestImages.counting(32, 32, 3);

  /** Step 9 of 30, by torchvision's formulas: posterize 8 - round(9 / 7.5), solarize 255 * 0.7. */
  @Test
  void strengthByHand() {
    Strength strength = new RangedStrength(RANGES, 9 / 30.0, false);
    assertThat(strength.shear()).isCloseTo(0.09, within(1e-12));
    assertThat(strength.pixels(331)).isEqualTo(45);
    assertThat(strength.degrees()).isCloseTo(9, within(1e-12));
    assertThat(strength.enhancement()).isCloseTo(1.27f, within(1e-6f));
    assertThat(strength.posterizeBits()).isEqualTo(7);
    assertThat(strength.solarizeThreshold()).isEqualTo(179);
    Strength other = new RangedStrength(RANGES, 1, true);
    assertThat(other.shear()).isCloseTo(-0.3, within(1e-12));
    assertThat(other.pixels(331)).isEqualTo(-150);
    assertThat(other.enhancement()).isCloseTo(0.1f, within(1e-6f));
    assertThat(other.posterizeBits()).isEqualTo(4);
    assertThat(other.solarizeThreshold()).isZero();
  }

  /** Without strength only operations that have none change a picture: 12 of 14 give it back. */
  @Test
  void strengthZeroChangesAlmostNothing() {
    int changed = 0;
    for (int seed = 0; seed < 1400; seed++) {
      changed += isChanged(RandomOperations.randAugment(1, 0, 128, 0), seed) ? 1 : 0;
    }
    // Auto-contrast finds the range whole in this picture, solarize inverts 255: 2 of 14 at most.
    assertThat(changed).isBetween(50, 300);
  }

  @Test
  void everyOperationIsDrawn() {
    Set<String> results = new HashSet<>();
    for (int seed = 0; seed < 400; seed++) {
      results.add(digest(apply(RandomOperations.randAugment(1, 30, 128, 0), seed)));
    }
    // Five that move and four that enhance go either way, four more and the identity have one way.
    assertThat(results).hasSizeBetween(20, 23);
  }

  /** One operation of a strength in 31 steps: many more results than with one strength. */
  @Test
  void trivialAugmentDrawsItsStrength() {
    Set<String> results = new HashSet<>();
    for (int seed = 0; seed < 400; seed++) {
      results.add(digest(apply(RandomOperations.trivialAugment(128, 0), seed)));
    }
    assertThat(results).hasSizeGreaterThan(150);
  }

  @Test
  void twoOperationsFollowEachOther() {
    Set<String> one = new HashSet<>();
    Set<String> two = new HashSet<>();
    for (int seed = 0; seed < 400; seed++) {
      one.add(digest(apply(RandomOperations.randAugment(1, 9, 128, 0), seed)));
      two.add(digest(apply(RandomOperations.randAugment(2, 9, 128, 0), seed)));
    }
    assertThat(two.size()).isGreaterThan(3 * one.size());
  }

  @Test
  void labelMapMovesWithThePicture() {
    RasterImage map = TestImages.counting(32, 32, 1);
    for (int seed = 0; seed < 50; seed++) {
      MaskedPicture out =
          RandomOperations.trivialAugment(0, 0)
              .apply(new MaskedPicture(map, map), new SampleRandom(seed));
      boolean isMoved = !Arrays.equals(out.mask().interleaved(), map.interleaved());
      if (isMoved) {
        assertThat(out.pixels().interleaved()).isEqualTo(out.mask().interleaved());
      }
    }
  }

  @Test
  void refusesAStrengthOutsideOfItsRange() {
    assertThatThrownBy(() -> RandomOperations.randAugment(2, 31, 128, 0))
        .hasMessage("magnitude is 31, expected 0 to 30");
  }

  /** A blend of pictures of one colour is that colour, so the weights add up to 1. */
  @Test
  void augMixKeepsEvenPictures() {
    RasterImage even = new RasterImage(8, 8, 1, new byte[64]);
    Arrays.fill(even.interleaved(), (byte) 96);
    for (int seed = 0; seed < 200; seed++) {
      RasterImage out =
          new AugMix(1, 96).apply(new MaskedPicture(even, null), new SampleRandom(seed)).pixels();
      // Equalize and posterize may change an even picture; all pixels stay alike.
      for (byte value : out.interleaved()) {
        assertThat(value).isEqualTo(out.interleaved()[0]);
      }
    }
  }

  /** Algorithm 1 keeps a share of the picture itself, so that it is changed less than by chains. */
  @Test
  void augMixStaysNearThePicture() {
    double mixed = meanDistance(new AugMix(3, 128));
    assertThat(mixed)
        .isPositive()
        .isLessThan(meanDistance(RandomOperations.trivialAugment(128, 0)));
  }

  @Test
  void augMixRefusesLabelMaps() {
    RasterImage map = TestImages.counting(32, 32, 1);
    assertThatThrownBy(
            () -> new AugMix(3, 128).apply(new MaskedPicture(map, map), new SampleRandom(1)))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "augment.auto-augment is aug-mix, but the dataset has label maps, which cannot be blended; allowed: any other");
  }

  @Test
  void verticalFlipSwapsRowsHalfOfTheTime() {
    RasterImage map = TestImages.counting(32, 32, 1);
    int flipped = 0;
    for (int seed = 0; seed < 400; seed++) {
      MaskedPicture out =
          new VerticalFlip().apply(new MaskedPicture(picture, map), new SampleRandom(seed));
      boolean isFlipped = out.mask().at(0, 3, 0) != map.at(0, 3, 0);
      flipped += isFlipped ? 1 : 0;
      for (int row = 0; row < 32; row++) {
        int from = isFlipped ? 31 - row : row;
        assertThat(out.mask().at(row, 3, 0)).isEqualTo(map.at(from, 3, 0));
        assertThat(out.pixels().at(row, 5, 2)).isEqualTo(picture.at(from, 5, 2));
      }
    }
    assertThat(flipped).isBetween(150, 250);
  }

  private double meanDistance(PixelAugmentation augmentation) {
    double sum = 0;
    for (int seed = 0; seed < 300; seed++) {
      byte[] out = apply(augmentation, seed).interleaved();
      for (int i = 0; i < out.length; i++) {
        sum += Math.abs((out[i] & 0xFF) - (picture.interleaved()[i] & 0xFF));
      }
    }
    return sum / 300 / picture.interleaved().length;
  }

  private boolean isChanged(PixelAugmentation augmentation, long seed) {
    return !digest(apply(augmentation, seed)).equals(digest(picture));
  }

  private RasterImage apply(PixelAugmentation augmentation, long seed) {
    return augmentation.apply(new MaskedPicture(picture, null), new SampleRandom(seed)).pixels();
  }

  private static String digest(RasterImage image) {
    return new String(image.interleaved(), java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
