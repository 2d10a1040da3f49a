// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.Settings;
import org.bellows.data.TestImages;
import org.bellows.data.TestSettings;
import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.place.Interpolation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.augment.render.CheckedRenderer;
import org.bellows.data.augment.render.DecodeReduction;
import org.bellows.data.augment.render.TargetWindow;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.junit.jupiter.api.Test;

/** Each rule: output differs from input for a chosen seed, equals for equal seeds, and by hand. */
class AugmentationTest {
  private final ImageDecoder decoder = new ImageDecoder(1_000_000);

  /** timm: 0.875 of 256 is 224; of a picture of 512 x 1024 the middle 448 x 448. */
  @Test
  void aCropShareIsAShorterSide() {
    assertThat(placement("augment.evaluation-crop-share=0.875"))
        .isEqualTo(placement("augment.resize-pixels=256"))
        .isEqualTo(new Placement(new Region(32, 288, 448, 448), 224, 224, 0, 0, false));
    assertThat(placement("augment.evaluation-crop-share=1"))
        .isEqualTo(placement("augment.resize-pixels=0"));
  }

  /** The interpolation is drawn after the crop and before the mirror, half of the time each. */
  @Test
  void interpolationIsDrawnForEachSample() {
    AugmentSettings plain =
        TestSettings.of("augment.crop=random-resized", "augment.mirror=false").augment();
    AugmentSettings random =
        TestSettings.of(
                "augment.crop=random-resized",
                "augment.mirror=false",
                "augment.interpolation=random")
            .augment();
    int bicubic = 0;
    for (int seed = 0; seed < 1000; seed++) {
      Placement expected =
          Augmentations.training(plain, 64, 64).place(90, 80, new SampleRandom(seed));
      Placement drawn =
          Augmentations.training(random, 64, 64).place(90, 80, new SampleRandom(seed));
      assertThat(expected.interpolation()).isEqualTo(Interpolation.BILINEAR);
      assertThat(drawn.by(Interpolation.BILINEAR)).isEqualTo(expected);
      bicubic += drawn.interpolation() == Interpolation.BICUBIC ? 1 : 0;
    }
    assertThat(bicubic).isBetween(421, 579);
    assertThat(placement("augment.evaluation-interpolation=bicubic"))
        .isEqualTo(placement("augment.resize-pixels=0").by(Interpolation.BICUBIC));
    assertThat(Augmentations.areFixed(random)).isFalse();
  }

  private static Placement placement(String setting) {
    AugmentSettings augment = TestSettings.of(setting).augment();
    return Augmentations.evaluation(augment, 224, 224).get(0).place(512, 1024, new SampleRandom(1));
  }

  @Test
  void stretchTakesTheWholePicture() {
    Placement placement = new Resize(2, 3).place(10, 20, new SampleRandom(1));
    assertThat(placement).isEqualTo(new Placement(new Region(0, 0, 10, 20), 2, 3, 0, 0, false));
  }

  @Test
  void stretchAveragesAreasWhenItShrinks() {
    RasterImage picture = new RasterImage(2, 4, 1, new byte[] {10, 20, 100, 100, 30, 40, 100, 104});
    RasterImage half = render(picture, new Resize(1, 2), 1, 1, 2);
    // (10 + 20 + 30 + 40) / 4 and (100 + 100 + 100 + 104) / 4
    assertThat(half.interleaved()).containsExactly(25, 101);
  }

  @Test
  void stretchInterpolatesWhenItGrows() {
    RasterImage picture = new RasterImage(1, 2, 1, new byte[] {0, 100});
    RasterImage twice = render(picture, new Resize(1, 4), 1, 1, 4);
    // Pixel centres: 0, 0.25, 0.75, 1 of the way.
    assertThat(twice.interleaved()).containsExactly(0, 25, 75, 100);
  }

  @Test
  void centreCropByHand() {
    // Shorter side 100 -> 10 means 10 source pixels to one: an 8 x 6 window is 80 x 60 of them.
    Placement placement = new CenterCrop(8, 6, 10).place(100, 300, new SampleRandom(1));
    assertThat(placement).isEqualTo(new Placement(new Region(10, 120, 80, 60), 8, 6, 0, 0, false));
    RasterImage picture = TestImages.counting(4, 8, 1);
    assertThat(render(picture, new CenterCrop(4, 4, 4), 1, 4, 4).interleaved())
        .startsWith(2, 3, 4, 5, 10, 11, 12, 13);
  }

  @Test
  void centreCropOfHostileShapesStaysSmall() {
    for (int[] shape : new int[][] {{1, 100_000}, {100_000, 1}, {1, 1}, {3, 2}}) {
      Placement placement =
          new CenterCrop(224, 224, 256).place(shape[0], shape[1], new SampleRandom(1));
      assertThat(placement.scaledHeight()).isEqualTo(224);
      assertThat(placement.region().top() + placement.region().height())
          .isLessThanOrEqualTo(shape[0]);
      assertThat(placement.region().left() + placement.region().width())
          .isLessThanOrEqualTo(shape[1]);
    }
  }

  @Test
  void paddedCropMovesThePictureAndFillsWithZeros() {
    RasterImage picture = new RasterImage(2, 2, 1, new byte[] {1, 2, 3, 4});
    Placement moved = Placement.stretched(2, 2, 2, 2).at(-1, 1);
    // One row down, one column left: the upper row and the right column are padding.
    assertThat(new TargetWindow(2, 2).draw(picture, moved).interleaved())
        .containsExactly(0, 0, 2, 0);

    RandomCrop crop = new RandomCrop(2, 2, 1);
    Set<String> seen = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      Placement placement = crop.place(2, 2, new SampleRandom(seed));
      assertThat(placement).isEqualTo(crop.place(2, 2, new SampleRandom(seed)));
      seen.add(placement.top() + "," + placement.left());
    }
    assertThat(seen).hasSize(9);
    assertThat(render(picture, crop, 3, 2, 2).interleaved())
        .isNotEqualTo(picture.interleaved())
        .isEqualTo(render(picture, crop, 3, 2, 2).interleaved());
  }

  @Test
  void mirrorSwapsLeftAndRightHalfOfTheTime() {
    RasterImage picture = TestImages.counting(1, 3, 3);
    Placement mirrored = Placement.stretched(1, 3, 1, 3).mirrored(true);
    assertThat(new TargetWindow(1, 3).draw(picture, mirrored).interleaved())
        .containsExactly(6, 7, 8, 3, 4, 5, 0, 1, 2);
    RandomHorizontalFlip mirror = new RandomHorizontalFlip(new Resize(1, 3));
    int count = 0;
    for (int seed = 0; seed < 1000; seed++) {
      count += mirror.place(1, 3, new SampleRandom(seed)).mirrored() ? 1 : 0;
    }
    assertThat(count).isBetween(440, 560);
    Placement twice =
        new RandomHorizontalFlip(new RandomHorizontalFlip(new Resize(1, 3)))
            .place(1, 3, new SampleRandom(1));
    SampleRandom random = new SampleRandom(1);
    boolean first = random.nextBoolean();
    boolean second = random.nextBoolean();
    assertThat(twice.mirrored()).isEqualTo(first != second);
  }

  @Test
  void mirroredPaddingLiesOnTheOtherSide() {
    RasterImage picture = new RasterImage(1, 3, 1, new byte[] {1, 2, 3});
    TargetWindow window = new TargetWindow(1, 3);
    Placement moved = Placement.stretched(1, 3, 1, 3).at(0, 1);
    assertThat(window.draw(picture, moved).interleaved()).containsExactly(2, 3, 0);
    assertThat(window.draw(picture, moved.mirrored(true)).interleaved()).containsExactly(0, 3, 2);
  }

  @Test
  void randomResizedCropFollowsTheFormula() {
    RandomResizedCrop crop = new RandomResizedCrop(8, 8, 0.08, 1, 3 / 4.0, 4 / 3.0);
    // The numbers of seed 42, put through the formula by hand.
    SampleRandom random = new SampleRandom(42);
    double area = 200 * 200 * (0.08 + 0.92 * random.nextDouble());
    double logRatio = Math.log(0.75) + (Math.log(4 / 3.0) - Math.log(0.75)) * random.nextDouble();
    int width = (int) Math.round(Math.sqrt(area * Math.exp(logRatio)));
    int height = (int) Math.round(Math.sqrt(area / Math.exp(logRatio)));
    assertThat(height).isLessThanOrEqualTo(200);
    int top = random.nextInt(200 - height + 1);
    int left = random.nextInt(200 - width + 1);
    assertThat(crop.place(200, 200, new SampleRandom(42)))
        .isEqualTo(new Placement(new Region(top, left, height, width), 8, 8, 0, 0, false))
        .isEqualTo(crop.place(200, 200, new SampleRandom(42)))
        .isNotEqualTo(crop.place(200, 200, new SampleRandom(43)));
  }

  @Test
  void randomResizedCropStaysInItsRanges() {
    RandomResizedCrop crop = new RandomResizedCrop(8, 8, 0.2, 0.9, 0.5, 2);
    double sum = 0;
    for (int seed = 0; seed < 2000; seed++) {
      Region region = crop.place(300, 300, new SampleRandom(seed)).region();
      double scale = region.height() * region.width() / 90_000.0;
      double ratio = (double) region.width() / region.height();
      assertThat(scale).isBetween(0.19, 0.91);
      assertThat(ratio).isBetween(0.48, 2.05);
      sum += Math.log(ratio);
    }
    assertThat(sum / 2000).isBetween(-0.05, 0.05);
  }

  @Test
  void randomResizedCropFallsBackToTheMiddle() {
    RandomResizedCrop crop = new RandomResizedCrop(8, 8, 1, 1, 3 / 4.0, 4 / 3.0);
    // No part of the whole area has such a ratio; the largest that has: 100 high, 4/3 * 100 wide.
    assertThat(crop.place(100, 1000, new SampleRandom(1)).region())
        .isEqualTo(new Region(0, 433, 100, 133));
    // 3/4 = 60 / 80
    assertThat(crop.place(1000, 60, new SampleRandom(1)).region())
        .isEqualTo(new Region(460, 0, 80, 60));
    assertThat(crop.place(1, 1, new SampleRandom(1)).region()).isEqualTo(new Region(0, 0, 1, 1));
  }

  @Test
  void largeRegionsOfJpegsAreDecodedSmaller() {
    assertThat(DecodeReduction.of(Placement.stretched(100, 100, 51, 50))).isEqualTo(1);
    assertThat(DecodeReduction.of(Placement.stretched(100, 100, 50, 50))).isEqualTo(2);
    assertThat(DecodeReduction.of(Placement.stretched(403, 400, 100, 100))).isEqualTo(4);
    assertThat(DecodeReduction.of(Placement.stretched(9000, 9000, 10, 10))).isEqualTo(8);

    EncodedSample sample =
        new EncodedSample(0, 0, Encoding.JPEG, 403, 301, 3, "x", TestImages.jpeg(403, 301));
    Placement placement = new Placement(new Region(53, 31, 203, 207), 40, 40, 0, 0, false);
    TargetWindow window = new TargetWindow(40, 40);
    RasterImage reduced = new CheckedRenderer(decoder, window).render(sample, placement);
    RasterImage full = window.draw(decoder.decode(sample), placement);
    for (int i = 0; i < full.interleaved().length; i++) {
      assertThat(reduced.interleaved()[i] & 0xFF)
          .isCloseTo(full.interleaved()[i] & 0xFF, org.assertj.core.data.Offset.offset(4));
    }
  }

  @Test
  void settingsChooseTheRules() {
    Settings padded = TestSettings.of("augment.crop=padded", "augment.padding-pixels=3");
    assertThat(Augmentations.training(padded.augment(), 8, 9))
        .isEqualTo(new RandomHorizontalFlip(new RandomCrop(8, 9, 3)));
    Settings plain =
        TestSettings.of(
            "augment.crop=resize", "augment.mirror=false", "augment.evaluation-crop=resize");
    assertThat(Augmentations.training(plain.augment(), 8, 9)).isEqualTo(new Resize(8, 9));
    assertThat(Augmentations.evaluation(plain.augment(), 8, 9)).containsExactly(new Resize(8, 9));
    Settings centre = TestSettings.of("augment.mirror=false", "augment.resize-pixels=256");
    assertThat(Augmentations.training(centre.augment(), 224, 224))
        .isEqualTo(new CenterCrop(224, 224, 256));
    assertThat(Augmentations.evaluation(TestSettings.of().augment(), 8, 9))
        .containsExactly(new CenterCrop(8, 9, 9));
    Settings random = TestSettings.of("augment.crop=random-resized", "augment.mirror=false");
    assertThat(Augmentations.training(random.augment(), 8, 9))
        .isEqualTo(new RandomResizedCrop(8, 9, 0.08, 1, 0.75, 1.3333333333));
  }

  private RasterImage render(
      RasterImage picture, Augmentation rule, long seed, int height, int width) {
    Placement placement = rule.place(picture.height(), picture.width(), new SampleRandom(seed));
    return new TargetWindow(height, width).draw(picture, placement);
  }
}
