// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.jpeg.JpegStructure;
import org.junit.jupiter.api.Test;

/** The check of progressive scans, on JPEGs written by hand. */
class JpegProgressionTest {
  private static final int END_OF_BAND = 0x00;
  private static final int TWO_BLOCKS = 0x10;
  private static final int ONE = 0x01;
  private static final int TWO_AND_ONE = 0x21;

  private final ImageDecoder decoder = new ImageDecoder(ImageDecoder.MOST_PIXELS);

  /** 8 x 16, two blocks. DC: 0 is no difference. AC: 000 and so on, in this order. */
  private static TinyJpeg twoBlocks() {
    return TinyJpeg.grey(TinyJpeg.PROGRESSIVE, 8, 16)
        .huffman(true, 0, 1, 0)
        .huffman(false, 0, 3, END_OF_BAND, TWO_BLOCKS, ONE, TWO_AND_ONE);
  }

  private static TinyJpeg withDc() {
    return twoBlocks().scan(0, 0, 0, 0).bits("0 0");
  }

  @Test
  void aWholePicturePasses() {
    byte[] file =
        twoBlocks()
            .scan(0, 0, 0, 1)
            .bits("0 0")
            // Coefficient 1 is +2, then 4 is -2, no more; nothing in the second block.
            .scan(1, 63, 0, 1)
            .bits("010 1  011 0  000   000")
            // The last bit of DC.
            .scan(0, 0, 1, 0)
            .bits("1 0")
            // First block: coefficient 2 is new (+1); it passes the old coefficient 1, one bit.
            // Then
            // the end of the band for both blocks (EOB1 and a bit 0), one bit for the coefficient
            // 4.
            .scan(1, 63, 1, 0)
            .bits("010 1 0  001 0 1")
            .end();
    assertThat(decoder.decode(file).width()).isEqualTo(16);
  }

  @Test
  void aRefinementNeedsABitForEachOldCoefficient() {
    TinyJpeg started =
        twoBlocks()
            .scan(0, 0, 0, 0)
            .bits("0 0")
            .scan(1, 63, 0, 1)
            .bits("010 1".repeat(9) + "000 000")
            .scan(1, 63, 1, 0);
    // Two codes of three bits and nine corrections: 15 bits; a byte is not enough.
    int length = started.file().length;
    assertRefused(
        started.bits("000 11111").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: the data of scan 3 ends at byte %d in MCU 0 of 2"
            .formatted(length + 1));
  }

  @Test
  void runsMustEndInTheirBandAndScan() {
    assertRefused(
        withDc().scan(1, 2, 0, 0).bits("011 1 000 000 000 000 000 000").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: the coefficients of block 0 run to 3, the scan's band ends with 2");
    // Three blocks are announced (EOB1 with a bit 1), there are two.
    assertRefused(
        withDc().scan(1, 63, 0, 0).bits("001 1").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: a run of 1 empty blocks continues after the last one");
  }

  @Test
  void scansMustComeInOrder() {
    assertRefused(
        twoBlocks().scan(1, 63, 0, 0).bits("000 000").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: an AC scan before the DC scan of its component");
    assertRefused(
        withDc().scan(0, 0, 1, 0).bits("00").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: a scan of coefficient 0 from bit 1 on, of which all down to bit 0 were"
            + " sent");
    assertRefused(
        withDc().scan(1, 5, 1, 0).bits("00").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: a scan of coefficient 1 from bit 1 on, of which none was sent");
    assertRefused(
        withDc().scan(0, 5, 0, 0).bits("00").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: a progressive scan with Ss=0 Se=5 Ah=0 Al=0 over 1 components");
    assertRefused(
        withDc().scan(5, 64, 0, 0).bits("00").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: a progressive scan with Ss=5 Se=64 Ah=0 Al=0 over 1 components");
    assertRefused(
        withDc().scan(1, 63, 3, 1).bits("00").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: a progressive scan with Ss=1 Se=63 Ah=3 Al=1 over 1 components");
  }

  @Test
  void whatWasNotSentToTheLastBitIsRefused() {
    assertRefused(
        withDc().end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: coefficient 1 of colour component 1 of 1 was never sent");
    assertRefused(
        withDc().scan(1, 63, 0, 2).bits("000 000").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: coefficient 1 of colour component 1 of 1 was sent down to bit 2 only");
    assertRefused(
        withDc().file(),
        Reason.TRUNCATED,
        "is a truncated JPEG: it ends at byte %d, 1 more are needed"
            .formatted(withDc().file().length));
    byte[] complete = withDc().scan(1, 63, 0, 0).bits("000 000").file();
    assertThat(decoder.decode(complete).width()).isEqualTo(16);
  }

  @Test
  void scansAreLimited() {
    assertThat(decoder.inspect(manyScans(JpegStructure.MOST_SCANS, true)).width()).isEqualTo(16);
    assertRefused(
        manyScans(JpegStructure.MOST_SCANS + 1, false),
        Reason.TOO_LARGE,
        "has 101 or more scans, over 202 blocks; allowed are 100, over 4194304");
  }

  @Test
  void blocksOfAllScansAreLimited() {
    // 2000 x 2000 blocks in some 500 kB, and each further scan, a pass over all of them, needs 250
    // bytes.
    int side = 16_000;
    int blocks = side / 8 * (side / 8);
    TinyJpeg file =
        TinyJpeg.grey(TinyJpeg.PROGRESSIVE, side, side)
            .huffman(true, 0, 1, 0)
            .huffman(false, 0, 2, 0xE0, 0xB0)
            .scan(0, 0, 0, 0)
            .bytes(new int[blocks / 8]);
    int longest = (1 << 15) - 1;
    // EOB14 and 14 ones; EOB11 and 11 bits.
    String runs = ("00" + "1".repeat(14)).repeat(blocks / longest);
    int rest = blocks % longest;
    assertThat(rest).isBetween(1 << 11, (1 << 12) - 1);
    runs += "01" + Integer.toBinaryString(rest).substring(1);
    for (int i = 1; i <= 63; i++) {
      file.scan(i, i, 0, 1).bits(runs);
    }
    for (int i = 1; i <= 4; i++) {
      file.scan(i, i, 1, 0).bits(runs);
    }
    assertThat(file.file().length).isLessThan(1_000_000);
    assertRefused(
        file.end(),
        Reason.TOO_LARGE,
        "has 13 or more scans, over 52000000 blocks; allowed are 100, over 48000000");
  }

  /** DC, then each coefficient's 14 bits one by one, until there are so many scans. */
  private static byte[] manyScans(int scans, boolean isCompleted) {
    TinyJpeg file = withDc();
    int written = 1;
    int left = scans - (isCompleted ? 1 : 0);
    for (int i = 1; written < left; i++) {
      boolean isLast = isCompleted && written + 14 >= left;
      int from = isLast ? left - written - 1 : 13;
      file.scan(i, i, 0, from).bits("000 000");
      written++;
      for (int low = from - 1; low >= 0 && written < left; low--) {
        file.scan(i, i, low + 1, low).bits("000 000");
        written++;
      }
      if (isLast) {
        file.scan(i + 1, 63, 0, 0).bits("000 000");
      }
    }
    return file.end();
  }

  private void assertRefused(byte[] file, Reason reason, String message) {
    assertThatThrownBy(() -> decoder.inspect(file))
        .isInstanceOf(ImageRefusedException.class)
        .hasMessage(message)
        .extracting(e -> ((ImageRefusedException) e).reason())
        .isEqualTo(reason);
  }
}
