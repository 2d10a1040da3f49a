// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bellows.data.TestImages;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.junit.jupiter.api.Test;

class ImageDecoderTest {
  private final ImageDecoder decoder = new ImageDecoder(1_000_000);

  @Test
  void decodesColoursInTheirOrder() {
    assertGradient(decoder.decode(TestImages.png(40, 60)), 40, 60, 0);
    assertGradient(decoder.decode(TestImages.jpeg(40, 60)), 40, 60, 6);
    assertGradient(decoder.decode(TestImages.progressiveJpeg(40, 60)), 40, 60, 6);
  }

  @Test
  void greyBecomesEqualChannels() {
    BufferedImage grey = new BufferedImage(9, 7, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(4, 3, 0, 200);
    RasterImage pixels = decoder.decode(TestImages.png(grey));
    assertThat(pixels.channels()).isEqualTo(3);
    for (int channel = 0; channel < 3; channel++) {
      assertThat(pixels.at(3, 4, channel)).isEqualTo(200);
      assertThat(pixels.at(0, 0, channel)).isZero();
    }
    assertThat(decoder.decode(TestImages.jpeg(grey, false)).channels()).isEqualTo(3);
  }

  @Test
  void rawPicturesAreTakenAsTheyAre() {
    byte[] image = {1, 2, 3, 4, 5, 6};
    RasterImage pixels =
        decoder.decode(new EncodedSample(0, 0, Encoding.RAW8, 2, 3, 1, "x", image));
    assertThat(pixels.interleaved()).isSameAs(image);
    assertRefused(
        () -> decoder.decode(new EncodedSample(0, 0, Encoding.RAW8, 2, 2, 1, "x", image)),
        Reason.CORRUPT,
        "has 6 bytes, expected 2 x 2 x 1");
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] small = TestImages.jpeg(16, 16);
    for (byte[] file :
        new byte[][] {small, TestImages.progressiveJpeg(16, 16), TestImages.png(16, 16)}) {
      // Without the two bytes of its end marker a JPEG's picture is whole.
      int end = file[0] == (byte) 0xFF ? file.length - 2 : file.length;
      for (int length = 0; length < end; length++) {
        byte[] part = Arrays.copyOf(file, length);
        assertThatThrownBy(() -> decoder.decode(part))
            .as("%d of %d bytes", length, file.length)
            .isInstanceOf(ImageRefusedException.class);
      }
    }
    assertRefused(
        () -> decoder.decode(Arrays.copyOf(small, small.length - 20)),
        Reason.TRUNCATED,
        "is a truncated JPEG: the data of scan 1 ends at byte %d in MCU 0 of 1"
            .formatted(small.length - 20));
  }

  @Test
  void junkBehindTheEndPasses() {
    for (byte[] file : new byte[][] {TestImages.jpeg(16, 16), TestImages.png(16, 16)}) {
      byte[] longer = Arrays.copyOf(file, file.length + 1000);
      assertThat(decoder.decode(longer).interleaved())
          .isEqualTo(decoder.decode(file).interleaved());
    }
  }

  @Test
  void fillBytesStrayBytesAndThumbnailsPass() {
    byte[] file = TestImages.jpeg(24, 24);
    byte[] expected = decoder.decode(file).interleaved();
    int tables = indexOf(file, (byte) 0xFF, (byte) 0xDB);
    byte[] fill = {(byte) 0xFF, (byte) 0xFF};
    assertThat(decoder.decode(insert(file, 2, fill)).interleaved()).isEqualTo(expected);
    assertThat(decoder.decode(insert(file, tables, new byte[] {0, 1, 2})).interleaved())
        .isEqualTo(expected);
    byte[] thumbnail = TestImages.jpeg(8, 8);
    int length = thumbnail.length + 2;
    byte[] segment =
        insert(
            thumbnail,
            0,
            new byte[] {(byte) 0xFF, (byte) 0xE2, (byte) (length >> 8), (byte) length});
    assertThat(decoder.decode(insert(file, 2, segment)).interleaved()).isEqualTo(expected);
  }

  @Test
  void refusesWhatIsNoImage() {
    assertRefused(
        () -> decoder.decode(new byte[0]), Reason.NOT_AN_IMAGE, "is not an image: it is empty");
    assertRefused(
        () -> decoder.decode("GIF89a....".getBytes(StandardCharsets.ISO_8859_1)),
        Reason.NOT_AN_IMAGE,
        "is neither JPEG nor PNG: it begins with 47 49 46 38 39 61 2e 2e, as does a GIF");
    assertRefused(
        () -> decoder.decode("hello".getBytes(StandardCharsets.ISO_8859_1)),
        Reason.NOT_AN_IMAGE,
        "is neither JPEG nor PNG: it begins with 68 65 6c 6c 6f");
  }

  @Test
  void refusesByHeaderBeforeDecoding() {
    ImageDecoder strict = new ImageDecoder(40 * 60 - 1);
    assertRefused(
        () -> strict.decode(TestImages.jpeg(40, 60)),
        Reason.TOO_LARGE,
        "has 40 x 60 = 2400 pixels, allowed are 2399");
    assertThat(new ImageDecoder(40 * 60).decode(TestImages.jpeg(40, 60)).height()).isEqualTo(40);
    assertRefused(
        () -> strict.decode(TestImages.png(40, 60)),
        Reason.TOO_LARGE,
        "has 40 x 60 = 2400 pixels, allowed are 2399");
    byte[] flat = TestImages.jpeg(40, 60);
    int frame = indexOf(flat, (byte) 0xFF, (byte) 0xC0);
    flat[frame + 5] = 0;
    flat[frame + 6] = 0;
    assertRefused(() -> decoder.decode(flat), Reason.ZERO_SIZE, "has no pixels: 0 x 60");
    byte[] lossless = TestImages.jpeg(40, 60);
    lossless[frame + 1] = (byte) 0xC3;
    assertRefused(
        () -> decoder.decode(lossless),
        Reason.UNSUPPORTED,
        "is a JPEG of an unsupported process (SOF3: lossless, hierarchical or arithmetic)");
    byte[] deep = TestImages.jpeg(40, 60);
    deep[frame + 4] = 12;
    assertRefused(
        () -> decoder.decode(deep),
        Reason.UNSUPPORTED,
        "is a JPEG of 12 bits a sample, expected 8");
  }

  @Test
  void refusesChangedPngs() {
    byte[] file = TestImages.png(16, 16);
    for (int at = 8; at < file.length; at++) {
      byte[] changed = file.clone();
      changed[at] ^= 0x10;
      assertThatThrownBy(() -> decoder.decode(changed))
          .as("byte %d", at)
          .isInstanceOf(ImageRefusedException.class);
    }
  }

  @Test
  void anyChangedJpegGivesPixelsOrARefusal() {
    byte[] file = TestImages.jpeg(24, 24);
    for (int at = 0; at < file.length; at++) {
      byte[] changed = file.clone();
      changed[at] ^= 0x41;
      try {
        RasterImage pixels = decoder.decode(changed);
        assertThat(pixels.interleaved()).isNotEmpty();
      } catch (ImageRefusedException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void reducesWhileDecoding() {
    for (int reduction : new int[] {2, 4, 8}) {
      EncodedSample sample =
          new EncodedSample(0, 0, Encoding.JPEG, 161, 243, 3, "x", TestImages.jpeg(161, 243));
      RasterImage reduced = decoder.decode(sample, reduction);
      assertThat(reduced.height()).isEqualTo((161 + reduction - 1) / reduction);
      assertThat(reduced.width()).isEqualTo((243 + reduction - 1) / reduction);
      int row = reduced.height() / 2;
      int column = reduced.width() / 2;
      assertThat(reduced.at(row, column, 0))
          .isCloseTo(TestImages.red(column * reduction, 243), within(8));
      assertThat(reduced.at(row, column, 1))
          .isCloseTo(TestImages.green(row * reduction, 161), within(8));
    }
  }

  @Test
  void writesPngs() {
    RasterImage colour = TestImages.counting(5, 7, 3);
    assertThat(decoder.decode(OpenCv.png(colour)).interleaved()).isEqualTo(colour.interleaved());
    RasterImage grey = TestImages.counting(5, 7, 1);
    assertThat(decoder.decode(OpenCv.png(grey)).at(2, 3, 1)).isEqualTo(grey.at(2, 3, 0));
  }

  private static void assertGradient(RasterImage pixels, int height, int width, int tolerance) {
    assertThat(pixels.height()).isEqualTo(height);
    assertThat(pixels.width()).isEqualTo(width);
    assertThat(pixels.channels()).isEqualTo(3);
    for (int row = 0; row < height; row += 5) {
      for (int column = 0; column < width; column += 5) {
        assertThat(pixels.at(row, column, 0))
            .isCloseTo(TestImages.red(column, width), within(tolerance));
        assertThat(pixels.at(row, column, 1))
            .isCloseTo(TestImages.green(row, height), within(tolerance));
        assertThat(pixels.at(row, column, 2)).isCloseTo(128, within(tolerance));
      }
    }
  }

  private static org.assertj.core.data.Offset<Integer> within(int tolerance) {
    return org.assertj.core.data.Offset.offset(tolerance);
  }

  private static byte[] insert(byte[] file, int at, byte[] inserted) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, at);
    out.writeBytes(inserted);
    out.write(file, at, file.length - at);
    return out.toByteArray();
  }

  private static int indexOf(byte[] bytes, byte first, byte second) {
    int at = 0;
    while (bytes[at] != first || bytes[at + 1] != second) {
      at++;
    }
    return at;
  }

  private static void assertRefused(ThrowingCallable call, Reason reason, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(ImageRefusedException.class)
        .hasMessage(message)
        .extracting(e -> ((ImageRefusedException) e).reason())
        .isEqualTo(reason);
  }
}
