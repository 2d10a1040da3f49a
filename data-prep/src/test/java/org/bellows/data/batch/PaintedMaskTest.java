// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.TestSettings;
import org.bellows.data.border.BorderWeights;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.LabelPixels;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.manifest.Split;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The picture is its own label map, painted in colours far from each other. After every
 * augmentation a pixel's colour still says its label, but for the outlines, which interpolation
 * mixes; what is uncovered is void.
 */
class PaintedMaskTest {
  private static final int SIDE = 64;
  private static final int[] LABELS = {0, 3, 7, PixelClass.VOID};
  private static final int[][] COLOURS = {
    {250, 20, 20}, {20, 250, 20}, {20, 20, 250}, {240, 240, 30}
  };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "augment.crop=random-scale augment.mirror=false",
        "augment.crop=random-scale augment.mirror=true augment.class-share-max=0.5",
        "augment.crop=random-resized augment.scale-min=0.3 augment.mirror=true",
        "augment.crop=padded augment.padding-pixels=9",
        "augment.crop=resize augment.rotation-degrees=30",
        "augment.crop=resize augment.elastic-deviation-pixels=4",
        "augment.crop=random-scale augment.rotation-degrees=10 augment.elastic-deviation-pixels=3"
            + " augment.brightness=0.1 augment.contrast=0.1"
      })
  void coloursStillSayTheLabels(String assignments) {
    InputSpec input = input(assignments.split(" "));
    float[][] epochs = new float[4][];
    for (int epoch = 0; epoch < 4; epoch++) {
      float[] out = new float[input.sampleLength()];
      byte[] mask;
      try (TrainingTransform transform = new TrainingTransform(input)) {
        mask = transform.apply(painted(150, 110), epoch, out, 0);
        float[] again = new float[out.length];
        assertThat(transform.apply(painted(150, 110), epoch, again, 0)).isEqualTo(mask);
        assertThat(again).isEqualTo(out);
      }
      assertObjectsMoveToo(input, epoch, mask);
      epochs[epoch] = out;
      RasterImage seen = new PicturePreview(input).of(out, 0);
      int matching = 0;
      int inner = 0;
      for (int pixel = 0; pixel < mask.length; pixel++) {
        assertThat(mask[pixel] & 0xFF).isIn(0, 3, 7, PixelClass.VOID);
        if (isInner(mask, pixel) && mask[pixel] != (byte) PixelClass.VOID) {
          inner++;
          matching += nearestColour(seen, pixel) == (mask[pixel] & 0xFF) ? 1 : 0;
        }
      }
      assertThat(inner).isGreaterThan(100);
      assertThat((double) matching / inner)
          .as("%s, epoch %d", assignments, epoch)
          .isGreaterThan(0.98);
    }
    assertThat(epochs[0]).isNotEqualTo(epochs[1]);
  }

  /** A label's object has a number of two bytes; what is uncovered belongs to none. */
  private static void assertObjectsMoveToo(InputSpec input, int epoch, byte[] labels) {
    BorderWeights borders = new BorderWeights(10, 5);
    EncodedSample sample = painted(150, 110);
    int[] numbers = numbers(LabelMaps.of(sample).interleaved());
    byte[] file = PicturePreview.png(LabelMaps.joined(LabelMaps.of(sample), numbers));
    EncodedSample numbered =
        new EncodedSample(5, -1, Encoding.PNG, 150, 110, 3, "painted", sample.image(), file);
    float[] weights = new float[labels.length];
    float[] expected = new float[labels.length];
    try (TrainingTransform transform = new TrainingTransform(input, Optional.of(borders))) {
      float[] out = new float[input.sampleLength()];
      assertThat(
              transform.apply(
                  numbered,
                  SampleRandom.ofAugmentation(input.seed(), epoch, numbered.id()),
                  out,
                  0,
                  weights,
                  0))
          .isEqualTo(labels);
    }
    RasterImage map = new RasterImage(SIDE, SIDE, 1, labels);
    borders.write(LabelMaps.joined(map, numbers(labels)), expected, 0);
    assertThat(weights).isEqualTo(expected);
    boolean areSeveral = Arrays.stream(numbers(labels)).filter(id -> id > 0).distinct().count() > 1;
    assertThat(Arrays.equals(weights, new float[labels.length])).isEqualTo(!areSeveral);
  }

  private static int[] numbers(byte[] labels) {
    int[] numbers = new int[labels.length];
    for (int pixel = 0; pixel < labels.length; pixel++) {
      numbers[pixel] = labels[pixel] == (byte) PixelClass.VOID ? 0 : 1 + 300 * labels[pixel];
    }
    return numbers;
  }

  @Test
  void saysWhichSampleHasNoObjects() {
    InputSpec input = input("augment.crop=resize");
    try (TrainingTransform transform =
        new TrainingTransform(input, Optional.of(new BorderWeights(10, 5)))) {
      float[] out = new float[input.sampleLength()];
      float[] weights = new float[SIDE * SIDE];
      assertThatThrownBy(
              () -> transform.apply(painted(64, 64), new SampleRandom(1), out, 0, weights, 0))
          .isInstanceOf(BellowsException.class)
          .hasMessageContaining("painted")
          .hasMessageContaining("has a label map without the numbers of objects");
    }
  }

  /** Outside of a picture that is zoomed out lies its mean, and void. */
  @Test
  void paddingIsTheMeanAndVoid() {
    InputSpec input =
        input("augment.crop=random-scale", "augment.zoom-min=0.3", "augment.zoom-max=0.3");
    float[] out = new float[input.sampleLength()];
    try (TrainingTransform transform = new TrainingTransform(input)) {
      byte[] mask = transform.apply(painted(100, 100), 0, out, 0);
      int padding = 0;
      for (int pixel = 0; pixel < mask.length; pixel++) {
        boolean isMean = true;
        for (int channel = 0; channel < 3; channel++) {
          isMean &= Math.abs(out[channel * SIDE * SIDE + pixel]) < 0.01;
        }
        if (isMean) {
          assertThat(mask[pixel]).isEqualTo((byte) PixelClass.VOID);
          padding++;
        }
      }
      // 19 x 19 of 64 x 64 is the picture.
      assertThat(padding).isBetween(SIDE * SIDE - 20 * 20, SIDE * SIDE - 18 * 18);
    }
  }

  /** Without counted labels nobody knows of void; a stated label counts in any case. */
  @Test
  void whatIsUncoveredIsVoidWhereThereIsVoid() {
    Settings none = TestSettings.of();
    Settings four = TestSettings.of("augment.mask-fill=4");
    Split plain = new Split("t", 1, 0, List.of(0.5), List.of(0.25), List.of());
    assertThat(InputSpec.of(none.augment(), none.model(), plain, 1).maskFill()).isZero();
    assertThat(InputSpec.of(none.augment(), none.model(), split(), 1).maskFill())
        .isEqualTo(PixelClass.VOID);
    assertThat(InputSpec.of(four.augment(), four.model(), split(), 1).maskFill()).isEqualTo(4);
  }

  /** Half of the picture is of one class: a crop of nearly that alone is drawn again. */
  @Test
  void aCropOfOneClassIsDrawnAgain() {
    byte[] values = new byte[100 * 100];
    Arrays.fill(values, 0, 8000, (byte) 3);
    byte[] file = PicturePreview.png(new RasterImage(100, 100, 1, values));
    EncodedSample sample = new EncodedSample(1, -1, Encoding.PNG, 100, 100, 3, "half", file, file);
    String[] crop = {"augment.crop=random-scale", "augment.zoom-min=2", "augment.zoom-max=2"};
    int any = oneClass(sample, input(crop));
    int aware = oneClass(sample, input(crop[0], crop[1], crop[2], "augment.class-share-max=0.9"));
    assertThat(any).isGreaterThan(10);
    assertThat(aware).isLessThan(any / 3);
  }

  /** Of 40 epochs those whose crop has more than nine tenths of one class. */
  private static int oneClass(EncodedSample sample, InputSpec input) {
    int count = 0;
    try (TrainingTransform transform = new TrainingTransform(input)) {
      for (int epoch = 0; epoch < 40; epoch++) {
        int threes = 0;
        for (byte label : transform.apply(sample, epoch, new float[input.sampleLength()], 0)) {
          threes += label == 3 ? 1 : 0;
        }
        double share = (double) threes / (SIDE * SIDE);
        count += share > 0.9 || share < 0.1 ? 1 : 0;
      }
    }
    return count;
  }

  /** Whether the pixel and those two away have one label. */
  private static boolean isInner(byte[] mask, int pixel) {
    int row = pixel / SIDE;
    int column = pixel % SIDE;
    if (row < 2 || row >= SIDE - 2 || column < 2 || column >= SIDE - 2) {
      return false;
    }
    for (int y = -2; y <= 2; y++) {
      for (int x = -2; x <= 2; x++) {
        if (mask[(row + y) * SIDE + column + x] != mask[pixel]) {
          return false;
        }
      }
    }
    return true;
  }

  private static int nearestColour(RasterImage seen, int pixel) {
    int best = 0;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < LABELS.length; i++) {
      long distance = 0;
      for (int channel = 0; channel < 3; channel++) {
        int value = seen.interleaved()[3 * pixel + channel] & 0xFF;
        distance += (long) (value - COLOURS[i][channel]) * (value - COLOURS[i][channel]);
      }
      if (distance < least) {
        least = distance;
        best = LABELS[i];
      }
    }
    return best;
  }

  private static Split split() {
    return new Split(
        "t",
        1,
        0,
        List.of(0.4, 0.5, 0.3),
        List.of(0.3, 0.3, 0.3),
        List.of(),
        List.of(new LabelPixels(0, 1, 1, 1)));
  }

  private static InputSpec input(String... assignments) {
    List<String> all = new ArrayList<>(List.of("augment.mirror=false"));
    all.add("model.height-pixels=" + SIDE);
    all.add("model.width-pixels=" + SIDE);
    all.addAll(List.of(assignments));
    Settings settings = TestSettings.of(all.toArray(String[]::new));
    return InputSpec.of(settings.augment(), settings.model(), split(), 4);
  }

  /** Ellipses of all labels on the first one. */
  private static EncodedSample painted(int height, int width) {
    byte[] labels = new byte[height * width];
    byte[] colours = new byte[3 * labels.length];
    SplittableRandom random = new SplittableRandom(9);
    for (int ellipse = 0; ellipse < 9; ellipse++) {
      double centreY = random.nextDouble(height);
      double centreX = random.nextDouble(width);
      double radius = 12 + random.nextDouble(20);
      for (int pixel = 0; pixel < labels.length; pixel++) {
        double y = pixel / width - centreY;
        double x = pixel % width - centreX;
        if (y * y + x * x < radius * radius) {
          labels[pixel] = (byte) LABELS[ellipse % LABELS.length];
        }
      }
    }
    for (int pixel = 0; pixel < labels.length; pixel++) {
      for (int i = 0; i < LABELS.length; i++) {
        if ((labels[pixel] & 0xFF) == LABELS[i]) {
          for (int channel = 0; channel < 3; channel++) {
            colours[3 * pixel + channel] = (byte) COLOURS[i][channel];
          }
        }
      }
    }
    byte[] picture = PicturePreview.png(new RasterImage(height, width, 3, colours));
    byte[] mask = PicturePreview.png(new RasterImage(height, width, 1, labels));
    return new EncodedSample(5, -1, Encoding.PNG, height, width, 3, "painted", picture, mask);
  }
}
