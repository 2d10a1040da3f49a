package org.bellows.data.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.bellows.data.TestImages;
import org.bellows.data.decode.jpeg.JpegEssentials;
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
    assertThat(JpegEssentials.of(longer)).isEqualTo(JpegEssentials.of(file));
    assertThat(JpegEssentials.of(file)).hasSize(file.length + 2).endsWith(0xFF, 0xD9, 0xFF, 0xD9);
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
