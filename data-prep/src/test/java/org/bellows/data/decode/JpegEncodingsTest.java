// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.bellows.data.TestImages;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.SizeLimit;
import org.bellows.data.decode.jpeg.JpegDecodingTables;
import org.bellows.data.decode.jpeg.JpegHeader;
import org.bellows.data.decode.jpeg.JpegStructure;
import org.junit.jupiter.api.Test;

/** What encoders write passes, and nothing of it may be missing. */
class JpegEncodingsTest {
  private final ImageDecoder decoder = new ImageDecoder(1_000_000);

  @Test
  void whatLibjpegWritesPasses() {
    for (int[] size : new int[][] {{1, 1}, {7, 9}, {8, 8}, {16, 17}, {33, 20}, {70, 130}}) {
      List<byte[]> files = JpegEncodings.all(size[0], size[1], size[0]);
      assertThat(files).hasSize(36);
      for (byte[] file : files) {
        assertThat(decoder.inspect(file).width()).isEqualTo(size[1]);
        assertThat(decoder.decode(file).height()).isEqualTo(size[0]);
      }
    }
  }

  /** At each length: refused, or not a pixel differs. */
  @Test
  void whatIsCutOffIsRefusedOrWhole() {
    for (byte[] file : JpegEncodings.all(19, 37, 5)) {
      byte[] whole = decoder.decode(file).interleaved();
      int accepted = 0;
      for (int length = file.length; length >= 2; length--) {
        byte[] part = Arrays.copyOf(file, length);
        try {
          decoder.inspect(part);
        } catch (ImageRefusedException e) {
          continue;
        }
        accepted++;
        assertThat(decoder.decode(part).interleaved()).as("%d bytes", length).isEqualTo(whole);
      }
      // The file, without the last byte of its end marker, and without that marker.
      assertThat(accepted).isEqualTo(3);
    }
  }

  @Test
  void aMissingRestartMarkerIsRefusedOrHarmless() {
    byte[] file = JpegEncodings.all(40, 40, 6).get(1);
    int markers = 0;
    for (int i = 2; i < file.length - 1; i++) {
      if (file[i] == (byte) 0xFF && (file[i + 1] & 0xF8) == 0xD0) {
        markers++;
        byte[] without = new byte[file.length - 2];
        System.arraycopy(file, 0, without, 0, i);
        System.arraycopy(file, i + 2, without, i, without.length - i);
        assertThat(isRefused(without)).as("marker at %d", i).isTrue();
      }
    }
    assertThat(markers).isEqualTo(24);
  }

  @Test
  void nativeCodeSeesNoSegmentThatItDoesNotNeed() {
    byte[] file = TestImages.jpeg(24, 24);
    byte[] segments = new byte[3000];
    int at = 0;
    for (int marker : new int[] {0xE1, 0xE2, 0xED, 0xFE}) {
      segments[at] = (byte) 0xFF;
      segments[at + 1] = (byte) marker;
      segments[at + 2] = 2;
      segments[at + 3] = (byte) 0xEC;
      at += 2 + 0x2EC;
    }
    byte[] longer = new byte[file.length + at];
    System.arraycopy(file, 0, longer, 0, 2);
    System.arraycopy(segments, 0, longer, 2, at);
    System.arraycopy(file, 2, longer, 2 + at, file.length - 2);
    assertThat(JpegDecodingTables.of(longer)).isEqualTo(JpegDecodingTables.of(file));
    assertThat(JpegDecodingTables.of(file)).isEqualTo(file);
    assertThat(JpegDecodingTables.of(Arrays.copyOf(file, file.length + 100))).isEqualTo(file);
    assertThat(JpegDecodingTables.of(Arrays.copyOf(file, file.length - 2))).isEqualTo(file);
  }

  /** Between two scans, and behind restart markers, which belong to a scan's data. */
  @Test
  void nativeCodeSeesNoSuchSegmentBetweenScansEither() {
    byte[] bare = scans("", "").end();
    byte[] full = scans("MM\0*", "text").segment(0xE2, 7, 7).end();
    assertThat(JpegStructure.check(full, new SizeLimit(1000)).width()).isEqualTo(32);
    assertThat(full.length).isGreaterThan(bare.length + 20);
    assertThat(JpegDecodingTables.of(full)).isEqualTo(bare);
  }

  /** An orientation that comes after a scan is none: other readers have their size by then. */
  @Test
  void exifBetweenScansDoesNotTurnThePicture() {
    String exif = "Exif\0\0MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1\0\6\0\0\0\0\0\0";
    byte[] between = scans(exif, "").end();
    assertThat(decoder.inspect(between).width()).isEqualTo(32);
    assertThat(JpegHeader.read(between).width()).isEqualTo(32);
    TinyJpeg first = new TinyJpeg().segment(0xE1, exif.chars().toArray());
    byte[] before = first.bytes(tail(scans("", "").end())).file();
    assertThat(decoder.inspect(before).width()).isEqualTo(8);
    assertThat(JpegHeader.read(before).width()).isEqualTo(8);
  }

  private static int[] tail(byte[] file) {
    int[] tail = new int[file.length - 2];
    for (int i = 0; i < tail.length; i++) {
      tail[i] = file[i + 2] & 0xFF;
    }
    return tail;
  }

  /** 8 x 32, progressive, restart markers in the first scan; the texts stand between scans. */
  private static TinyJpeg scans(String app1, String comment) {
    TinyJpeg file =
        TinyJpeg.grey(TinyJpeg.PROGRESSIVE, 8, 32)
            .huffman(true, 0, 1, 0)
            .huffman(false, 0, 1, 0)
            .restartInterval(2)
            .scan(0, 0, 0, 0)
            .bits("0 0")
            .marker(0xD0)
            .bits("0 0");
    if (!app1.isEmpty()) {
      file.segment(0xE1, app1.chars().toArray());
    }
    file.restartInterval(0);
    if (!comment.isEmpty()) {
      file.segment(0xFE, comment.chars().toArray());
    }
    return file.scan(1, 63, 0, 0).bits("0 0 0 0");
  }

  private boolean isRefused(byte[] file) {
    try {
      decoder.inspect(file);
      return false;
    } catch (ImageRefusedException e) {
      return true;
    }
  }
}
