// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.TestData;
import org.bellows.data.TestDatasets;
import org.bellows.data.TestSettings;
import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.Split;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A picture that equals its label map: whatever moves the one must move the other. The map's two
 * labels are black and white, so that what interpolation makes between them is cut at the middle.
 */
class MaskedTransformTest {
  private static final int SIDE = 64;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "augment.crop=resize",
        "augment.crop=centre",
        "augment.crop=padded augment.padding-pixels=9",
        "augment.crop=random-resized",
        "augment.crop=resize augment.mirror=true",
        "augment.crop=resize augment.vertical-flip=true",
        "augment.crop=resize augment.auto-augment=trivial-augment augment.fill-value=0",
        "augment.crop=resize augment.rotation-degrees=40 augment.fill-value=0",
        "augment.crop=random-resized augment.mirror=true augment.rotation-degrees=180"
            + " augment.fill-value=0",
        "augment.crop=resize augment.auto-augment=svhn augment.fill-value=0",
        "augment.crop=resize augment.brightness=0.3 augment.erasing-probability=1"
      })
  void labelsStayLabelsAndStayWithTheirPixels(String assignments) {
    InputSpec input = input(assignments.split(" "));
    boolean isColourKept =
        !assignments.contains("auto-augment") && !assignments.contains("erasing");
    for (int epoch = 0; epoch < 20; epoch++) {
      MaskedPicture out = seen(input, blob(150, 110), epoch);
      assertThat(out.pixels().interleaved())
          .isEqualTo(seen(input, blob(150, 110).withoutMask(), epoch).pixels().interleaved());
      int wrong = 0;
      for (int i = 0; i < SIDE * SIDE; i++) {
        int label = out.mask().interleaved()[i] & 0xFF;
        assertThat(label).isIn(0, 255);
        boolean isWhite = (out.pixels().interleaved()[i] & 0xFF) >= 128;
        wrong += isWhite == (label == 255) ? 0 : 1;
      }
      // A turned picture was interpolated twice.
      int most = assignments.contains("rotation") ? 60 : 12;
      // Of a blob's outline of some 150 pixels only those whose mean is near the middle may differ.
      if (isColourKept) {
        assertThat(wrong).as("%s, epoch %d", assignments, epoch).isLessThan(most);
      }
    }
  }

  /** Photometric ones leave it: the map is the one of the plain transform. */
  @Test
  void coloursDoNotTouchTheMap() {
    InputSpec plain = input("augment.crop=resize");
    InputSpec colours =
        input(
            "augment.crop=resize",
            "augment.brightness=0.5",
            "augment.contrast=0.5",
            "augment.cutout-pixels=20",
            "augment.erasing-probability=1");
    EncodedSample sample = blob(150, 110);
    assertThat(seen(colours, sample, 3).mask().interleaved())
        .isEqualTo(seen(plain, sample, 3).mask().interleaved());
    assertThat(seen(colours, sample, 3).pixels().interleaved())
        .isNotEqualTo(seen(plain, sample, 3).pixels().interleaved());
  }

  private static Optional<byte[]> masks(LaneBatch batch) {
    return batch.input().match(LaneInput.Pictures::masks, stored -> Optional.empty());
  }

  @Test
  void batchesCarryMaps() {
    BatchTransform transform =
        new BatchTransform(input("augment.crop=resize"), TargetSpec.samples(4));
    LaneBatch batch = transform.batch(0, 0, 0, List.of(blob(150, 110), blob(80, 90)));
    assertThat(masks(batch).orElseThrow()).hasSize(2 * SIDE * SIDE).contains(0, -1);
    EncodedSample without = TestDatasets.sample(3);
    assertThat(masks(transform.batch(0, 0, 0, List.of(without)))).isEmpty();
    assertThatThrownBy(() -> transform.batch(0, 0, 0, List.of(blob(150, 110), without)))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "sample 3 of the dataset (raw#3) has no label map, the first of its batch has one");
    assertThatThrownBy(() -> transform.batch(0, 0, 0, List.of(without, blob(150, 110))))
        .hasMessage(
            "sample 5 of the dataset (blob) has a label map, the first of its batch has none");
  }

  @Test
  void pixelsAreTakenForWhatTheMapsSay() {
    BatchTransform transform =
        new BatchTransform(input("augment.crop=resize"), TargetSpec.pixels(4));
    LaneBatch batch = transform.batch(0, 0, 0, List.of(blob(150, 110), blob(80, 90)));
    PixelTargets targets = batch.targets().ofPixels();
    assertThat(targets).isEqualTo(new PixelTargets(masks(batch).orElseThrow(), SIDE, SIDE, 4));
    assertThat(targets.samples()).isEqualTo(2);
    assertThatThrownBy(() -> transform.batch(0, 0, 0, List.of(TestDatasets.sample(3))))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "sample 3 of the dataset (raw#3) has no label map, a network that says a class of each"
                + " pixel needs one");
    assertThatThrownBy(batch.targets()::ofClasses)
        .hasMessage("expected a class of each sample, actual of each pixel");
  }

  @Test
  void mapsAreNotMixed() {
    BatchTransform transform =
        new BatchTransform(input("augment.mix=cutmix"), TargetSpec.samples(4));
    assertThatThrownBy(() -> transform.batch(0, 0, 0, List.of(blob(150, 110), blob(80, 90))))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "augment.mix is cutmix, but the dataset has label maps, which cannot be mixed; allowed:"
                + " none");
  }

  @Test
  void mapOfAnotherSizeIsRefused() {
    EncodedSample good = blob(150, 110);
    EncodedSample bad =
        new EncodedSample(
            8, 0, Encoding.PNG, 150, 110, 3, "bad", good.image(), blob(150, 111).mask());
    InputSpec input = input("augment.crop=resize");
    assertThatThrownBy(() -> seen(input, bad, 0))
        .isInstanceOf(BellowsException.class)
        .hasMessage("sample 8 of the dataset (bad) is 150 x 110, but its label map 150 x 111");
  }

  /** Real maps of membranes, as picture and as map. */
  @Test
  void membranesStayAligned() throws IOException {
    List<Path> maps = new ArrayList<>();
    try (Stream<Path> files = Files.walk(TestData.require("membrane"))) {
      files.filter(MaskedTransformTest::isLabel).sorted().limit(5).forEach(maps::add);
    }
    assertThat(maps).isNotEmpty();
    InputSpec input =
        input(
            "augment.crop=random-resized",
            "augment.scale-min=0.05",
            "augment.scale-max=0.2",
            "augment.rotation-degrees=20",
            "augment.fill-value=0");
    for (Path map : maps) {
      byte[] file = Files.readAllBytes(map);
      RasterImage decoded = new ImageDecoder(1_000_000).decode(file);
      EncodedSample sample =
          new EncodedSample(
              1, 0, Encoding.PNG, decoded.height(), decoded.width(), 3, "m", file, file);
      for (int epoch = 0; epoch < 10; epoch++) {
        MaskedPicture out = seen(input, sample, epoch);
        int wrong = 0;
        for (int i = 0; i < SIDE * SIDE; i++) {
          int label = out.mask().interleaved()[i] & 0xFF;
          assertThat(label).isIn(0, 255);
          int value = out.pixels().interleaved()[i] & 0xFF;
          wrong += value >= 128 == (label == 255) ? 0 : 1;
        }
        // Membranes are thin: much of the picture is outline.
        assertThat((double) wrong / (SIDE * SIDE)).isLessThan(0.08);
      }
    }
  }

  /** What the network sees in training, with its label map. */
  private static MaskedPicture seen(InputSpec input, EncodedSample sample, int epoch) {
    float[] out = new float[input.sampleLength()];
    try (TrainingTransform transform = new TrainingTransform(input)) {
      byte[] mask = transform.apply(sample, epoch, out, 0);
      RasterImage labels =
          mask == null ? null : new RasterImage(input.height(), input.width(), 1, mask);
      return new MaskedPicture(new PicturePreview(input).of(out, 0), labels);
    }
  }

  private static boolean isLabel(Path file) {
    return file.toString().contains("label") && file.toString().endsWith(".png");
  }

  private static InputSpec input(String... assignments) {
    List<String> all = new ArrayList<>(List.of("augment.mirror=false", "model.channels=1"));
    all.add("model.height-pixels=" + SIDE);
    all.add("model.width-pixels=" + SIDE);
    all.addAll(List.of(assignments));
    Settings settings = TestSettings.of(all.toArray(String[]::new));
    Split split = new Split("t", 1, 0, List.of(0.5), List.of(0.25), List.of());
    return InputSpec.of(settings.augment(), settings.model(), split, 4);
  }

  /** A white ellipse off the middle, as picture and as map. */
  private static EncodedSample blob(int height, int width) {
    byte[] values = new byte[height * width];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        double y = (row - 0.4 * height) / (0.3 * height);
        double x = (column - 0.6 * width) / (0.2 * width);
        values[row * width + column] = (byte) (y * y + x * x < 1 ? 255 : 0);
      }
    }
    byte[] file = PicturePreview.png(new RasterImage(height, width, 1, values));
    return new EncodedSample(5, 0, Encoding.PNG, height, width, 3, "blob", file, file);
  }
}
