// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bellows.data.TestData;
import org.bellows.data.TestImages;
import org.bellows.data.augment.place.Interpolation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.augment.planes.Normalizer;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.decode.jpeg.JpegHeader;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The way through native memory makes the same bits as the checked one, which is the reference. */
@Tag("integration")
class TrustedRendererTest {
  private static final int SIDE = 32;

  private final ImageDecoder decoder = new ImageDecoder(10_000_000);
  private final TargetWindow window = new TargetWindow(SIDE, SIDE);
  private final SampleRenderer checked = new CheckedRenderer(decoder, window);
  private final Normalizer normaliser =
      new Normalizer(new float[] {0.5f, 0.4f, 0.3f}, new float[] {0.25f, 0.3f, 0.2f});

  @Test
  void equalsTheCheckedOneForEveryKindOfFile() {
    BufferedImage grey = new BufferedImage(93, 71, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage alpha = new BufferedImage(93, 71, BufferedImage.TYPE_INT_ARGB);
    BufferedImage deep = new BufferedImage(93, 71, BufferedImage.TYPE_USHORT_GRAY);
    SampleRandom random = new SampleRandom(3);
    for (BufferedImage image : List.of(grey, alpha, deep)) {
      for (int i = 0; i < 93 * 71; i++) {
        image.setRGB(i % 93, i / 93, (int) random.nextLong());
      }
    }
    List<EncodedSample> samples = new ArrayList<>();
    for (byte[] jpeg :
        List.of(
            TestImages.jpeg(noise(71, 93), false),
            TestImages.jpeg(noise(71, 93), true),
            TestImages.jpeg(grey, false))) {
      samples.add(sample(Encoding.JPEG, jpeg));
    }
    for (BufferedImage image : List.of(noise(71, 93), grey, alpha, deep)) {
      samples.add(sample(Encoding.PNG, TestImages.png(image)));
    }
    byte[] raw = TestImages.counting(71, 93, 3).interleaved();
    samples.add(new EncodedSample(0, 0, Encoding.RAW8, 71, 93, 3, "raw", raw));
    samples.forEach(this::compareAllPlacements);
  }

  @Test
  void equalsTheCheckedOneInAllOrientations() {
    for (int height : new int[] {70, 71}) {
      byte[] upright = TestImages.jpeg(noise(height, 93), false);
      for (int orientation = 1; orientation <= 9; orientation++) {
        compareAllPlacements(sample(Encoding.JPEG, TestImages.oriented(upright, orientation)));
      }
    }
  }

  @Test
  void equalsTheCheckedOneWhereItIsDecodedSmaller() {
    for (int orientation = 1; orientation <= 8; orientation++) {
      byte[] file = TestImages.oriented(TestImages.jpeg(noise(403, 301), false), orientation);
      EncodedSample sample = sample(Encoding.JPEG, file);
      for (int side : new int[] {290, 150, 70, 33}) {
        int edge = sample.width() - side;
        for (Region region :
            List.of(new Region(0, 0, side, side), new Region(5, edge, side + 7, side))) {
          compare(sample, new Placement(region, SIDE, SIDE, 0, 0, orientation % 2 == 0));
        }
      }
    }
  }

  /** OpenCV alone would leave out its last blocks. */
  @Test
  void aFileThatLacksItsEndMarkerIsDrawnWhole() throws IOException {
    byte[] whole = TestImages.jpeg(noise(90, 120), false);
    byte[] unmarked = Arrays.copyOf(whole, whole.length - 2);
    Placement all = Placement.stretched(90, 120, SIDE, SIDE);
    try (SampleRenderer trusted = new TrustedRenderer(decoder, window)) {
      assertThat(trusted.render(sample(Encoding.JPEG, unmarked), all).interleaved())
          .isEqualTo(trusted.render(sample(Encoding.JPEG, whole), all).interleaved());
    }
    compare(sample(Encoding.JPEG, unmarked), all);
  }

  @Test
  void readsTheSameHeaderAsTheInspection() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : List.of("exif-orientation", "jpeg-edge")) {
      try (var listed = Files.list(TestData.require(folder))) {
        listed.filter(f -> f.toString().matches(".*\\.jpe?g")).forEach(files::add);
      }
    }
    int compared = 0;
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      try {
        var header = decoder.inspect(bytes);
        if (header.encoding() == Encoding.JPEG) {
          JpegHeader frame = JpegHeader.read(bytes);
          assertThat(frame.orientation()).as("%s", file).isEqualTo(header.orientation());
          assertThat(frame.storedHeight()).as("%s", file).isEqualTo(header.storedHeight());
          assertThat(frame.storedWidth()).as("%s", file).isEqualTo(header.storedWidth());
          compared++;
        }
      } catch (ImageRefusedException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(compared).isGreaterThan(25);
  }

  @Test
  void refusesPicturesOfAnotherSizeThanTheDatasetSays() {
    EncodedSample sample =
        new EncodedSample(0, 0, Encoding.JPEG, 71, 92, 3, "x", TestImages.jpeg(71, 93));
    try (SampleRenderer trusted = new TrustedRenderer(decoder, window)) {
      assertThatThrownBy(() -> trusted.render(sample, Placement.stretched(71, 92, SIDE, SIDE)))
          .isInstanceOf(ImageRefusedException.class)
          .hasMessage("is a JPEG of 71 x 93, the dataset says 71 x 92");
      byte[] headless = Arrays.copyOf(TestImages.jpeg(71, 93), 30);
      EncodedSample broken = new EncodedSample(0, 0, Encoding.JPEG, 71, 93, 3, "x", headless);
      assertThatThrownBy(() -> trusted.render(broken, Placement.stretched(71, 93, SIDE, SIDE)))
          .isInstanceOf(ImageRefusedException.class)
          .hasMessageStartingWith("is a truncated JPEG: it ends at byte 30");
    }
  }

  @Test
  void threadsShareOne() throws Exception {
    List<EncodedSample> samples = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      samples.add(sample(Encoding.JPEG, TestImages.jpeg(noise(60 + 9 * i, 80 + 3 * i), false)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (SampleRenderer trusted = new TrustedRenderer(decoder, window)) {
      List<Future<RasterImage>> rendered = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        EncodedSample sample = samples.get(i % 16);
        rendered.add(threads.submit(() -> trusted.render(sample, whole(sample))));
      }
      for (int i = 0; i < rendered.size(); i++) {
        EncodedSample sample = samples.get(i % 16);
        assertThat(rendered.get(i).get().interleaved())
            .isEqualTo(checked.render(sample, whole(sample)).interleaved());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** 20 pictures of 12 MB each, again and again: what leaks would be seen at once. */
  @Test
  void nativeMemoryStaysBounded() {
    EncodedSample large = sample(Encoding.JPEG, TestImages.jpeg(2000, 2000));
    EncodedSample small = sample(Encoding.JPEG, TestImages.jpeg(100, 90));
    Placement region = new Placement(new Region(3, 5, 40, 40), SIDE, SIDE, 0, 0, true);
    float[] out = new float[3 * SIDE * SIDE];
    long before = 0;
    for (int round = 0; round < 6; round++) {
      // Opened and closed each time: closing must release what was kept.
      try (SampleRenderer trusted = new TrustedRenderer(decoder, window)) {
        for (int i = 0; i < 20; i++) {
          trusted.renderNormalised(i % 5 == 0 ? large : small, region, normaliser, out, 0);
        }
      }
      if (round == 1) {
        before = Pointer.physicalBytes();
      }
    }
    assertThat(Pointer.physicalBytes() - before).isLessThan(30L << 20);
  }

  @Test
  void givesUpMemoryOfHugePictures() {
    EncodedSample huge =
        new EncodedSample(0, 0, Encoding.JPEG, 4800, 4800, 3, "x", TestImages.jpeg(4800, 4800));
    EncodedSample small = sample(Encoding.JPEG, TestImages.jpeg(100, 90));
    ImageDecoder large = new ImageDecoder(100_000_000);
    try (SampleRenderer trusted = new TrustedRenderer(large, window)) {
      Placement region = new Placement(new Region(3, 5, 40, 40), SIDE, SIDE, 0, 0, false);
      trusted.render(small, region);
      trusted.render(huge, region);
      long with = Pointer.physicalBytes();
      trusted.render(small, region);
      assertThat(with - Pointer.physicalBytes()).isGreaterThan(40L << 20);
    }
  }

  private void compareAllPlacements(EncodedSample sample) {
    int height = sample.height();
    int width = sample.width();
    List<Region> regions =
        List.of(
            new Region(0, 0, height, width),
            new Region(0, width - 40, 31, 40),
            new Region(height - 45, 0, 45, 33),
            new Region(height - 1, width - 1, 1, 1),
            new Region(7, 9, SIDE, SIDE),
            new Region(3, 2, 12, 60));
    for (Region region : regions) {
      for (boolean mirrored : new boolean[] {false, true}) {
        compare(sample, new Placement(region, SIDE, SIDE, 0, 0, mirrored));
        compare(sample, new Placement(region, SIDE, SIDE, -3, 4, mirrored));
        compare(sample, new Placement(region, 40, 36, 8, 2, mirrored));
        compare(sample, new Placement(region, 20, 50, -20, 70, mirrored));
        compare(sample, new Placement(region, 20, 25, -6, -3, mirrored));
        Placement bicubic = new Placement(region, SIDE, SIDE, 0, 0, mirrored);
        compare(sample, bicubic.by(Interpolation.BICUBIC));
        compare(sample, bicubic.at(-3, 4).by(Interpolation.BICUBIC));
      }
    }
  }

  private void compare(EncodedSample sample, Placement placement) {
    RasterImage expected = checked.render(sample, placement);
    float[] floats = new float[3 * SIDE * SIDE + 2];
    normaliser.normalise(expected, floats, 1);
    float[] actual = new float[floats.length];
    try (SampleRenderer trusted = new TrustedRenderer(decoder, window)) {
      RasterImage rendered = trusted.render(sample, placement);
      assertThat(rendered.channels()).isEqualTo(expected.channels());
      assertThat(Arrays.equals(rendered.interleaved(), expected.interleaved()))
          .as("%s", placement)
          .isTrue();
      trusted.renderNormalised(sample, placement, normaliser, actual, 1);
      assertThat(Arrays.equals(actual, floats)).as("%s", placement).isTrue();
      Normalizer grey = new Normalizer(new float[] {0.5f}, new float[] {0.25f});
      float[] expectedGrey = new float[SIDE * SIDE];
      float[] actualGrey = new float[SIDE * SIDE];
      grey.normalise(expected, expectedGrey, 0);
      trusted.renderNormalised(sample, placement, grey, actualGrey, 0);
      assertThat(Arrays.equals(actualGrey, expectedGrey)).as("%s", placement).isTrue();
    }
  }

  private static Placement whole(EncodedSample sample) {
    return Placement.stretched(sample.height(), sample.width(), SIDE, SIDE);
  }

  private EncodedSample sample(Encoding encoding, byte[] file) {
    RasterImage decoded = new ImageDecoder(100_000_000).decode(file);
    return new EncodedSample(0, 0, encoding, decoded.height(), decoded.width(), 3, "x", file);
  }

  /** Each pixel unlike its neighbours: a shift by one pixel would be seen. */
  private static BufferedImage noise(int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    SampleRandom random = new SampleRandom(height * 1000L + width);
    for (int i = 0; i < height * width; i++) {
      image.setRGB(i % width, i / width, (int) random.nextLong() & 0xFFFFFF);
    }
    return image;
  }
}
