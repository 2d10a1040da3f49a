// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.junit.jupiter.api.Test;

/** The check of entropy-coded data, on JPEGs written by hand. */
class JpegStructureTest {
  private static final int END_OF_BLOCK = 0x00;
  private static final int ZERO_RUN = 0xF0;
  private static final int FIFTEEN_AND_ONE = 0xF1;

  private final ImageDecoder decoder = new ImageDecoder(ImageDecoder.MOST_PIXELS);

  /** A sequential picture of 8 x 24, three blocks. DC: 00 is no difference. AC: as named. */
  private static TinyJpeg threeBlocks() {
    return TinyJpeg.grey(TinyJpeg.BASELINE, 8, 24)
        .huffman(true, 0, 2, 0, 1, 2)
        .huffman(false, 0, 2, END_OF_BLOCK, FIFTEEN_AND_ONE, ZERO_RUN);
  }

  @Test
  void aWholePicturePasses() {
    byte[] file = threeBlocks().scan(1).bits("00 00  01 1 01 1 00  10 11 00").end();
    assertThat(decoder.inspect(file).width()).isEqualTo(24);
    assertThat(decoder.decode(file).at(0, 0, 0)).isEqualTo(128);
  }

  @Test
  void aCodeThatIsNotInTheTableIsRefused() {
    assertRefused(
        threeBlocks().scan(1).bits("00 00  11 00 00 00 00 00 00 00 00").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: no Huffman table has the code in MCU 1");
    assertRefused(
        threeBlocks().scan(1).bits("00 11 00 00 00 00 00 00 00 00 00").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: no Huffman table has the code in MCU 0");
  }

  @Test
  void coefficientsPastTheLastAreRefused() {
    // 1 + 3 x 16 + 15 zeros: the next coefficient would be number 64.
    String run = "01 1 01 1 01 1 01 1";
    assertRefused(
        threeBlocks().scan(1).bits("00" + run + "00 00 00 00 00 00 00 00 00 00").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: the coefficients of a block in MCU 0 run to 65 of 64");
    // Three runs and the end of the block are fine.
    String fits = "00 01 1 01 1 01 1 00";
    decoder.inspect(threeBlocks().scan(1).bits(fits + fits + fits).end());
  }

  @Test
  void aMissingBlockIsRefused() {
    assertRefused(
        threeBlocks().scan(1).bits("00 00  00 00").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: the data of scan 1 ends at byte 143 in MCU 2 of 3");
    assertRefused(
        threeBlocks().scan(1).bits("00 00  00 00").file(),
        Reason.TRUNCATED,
        "is a truncated JPEG: the data of scan 1 ends at byte 143 in MCU 2 of 3");
    // Without end-of-image marker it is the data that counts.
    byte[] whole = threeBlocks().scan(1).bits("00 00  00 00  00 00").file();
    assertThat(decoder.decode(whole).interleaved())
        .isEqualTo(decoder.decode(threeBlocks().scan(1).bits("000000000000").end()).interleaved());
  }

  @Test
  void whatIsLeftOverBehindAScanIsLimited() {
    TinyJpeg some = threeBlocks().scan(1).bits("00 00  00 00  00 00").bytes(new int[16]);
    decoder.inspect(some.end());
    TinyJpeg more = threeBlocks().scan(1).bits("00 00  00 00  00 00").bytes(new int[17]);
    assertRefused(
        more.end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: 17 bytes are left over at byte 144 after the last block of scan 1,"
            + " allowed are 16");
    // Without an end, not a single one.
    assertRefused(
        threeBlocks().scan(1).bits("00 00  00 00  00 00").bytes(0).file(),
        Reason.CORRUPT,
        "is a corrupt JPEG: 1 bytes are left over at byte 144 after the last block of scan 1,"
            + " allowed are 0");
    // Fill bytes are not left over: they belong to the marker.
    int[] fill = new int[1000];
    Arrays.fill(fill, 0xFF);
    decoder.inspect(threeBlocks().scan(1).bits("00 00  00 00  00 00").bytes(fill).end());
  }

  @Test
  void restartMarkersCountFromZeroToSeven() {
    decoder.inspect(restarting(0, 1));
    assertRefused(
        restarting(1, 0),
        Reason.CORRUPT,
        "is a corrupt JPEG: the marker at byte 149 is D1, expected the restart marker D0 after"
            + " MCU 1 of scan 1");
    assertRefused(
        threeBlocks().restartInterval(1).scan(1).bits("00 00  00 00  00 00").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: the marker at byte 150 is D9, expected the restart marker D0 after"
            + " MCU 1 of scan 1");
    assertRefused(
        threeBlocks().restartInterval(1).scan(1).bits("00 00").file(),
        Reason.TRUNCATED,
        "is a truncated JPEG: the data of scan 1 ends at byte 149 in MCU 1 of 3");
    assertRefused(
        threeBlocks().scan(1).bits("00 00").marker(0xD0).bits("0000").marker(0xD1).end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: the data of scan 1 ends at byte 143 in MCU 1 of 3");
  }

  private static byte[] restarting(int first, int second) {
    return threeBlocks()
        .restartInterval(1)
        .scan(1)
        .bits("00 00")
        .marker(0xD0 + first)
        .bits("00 00")
        .marker(0xD0 + second)
        .bits("00 00")
        .end();
  }

  @Test
  void tablesMustBeDefined() {
    TinyJpeg frame = TinyJpeg.grey(TinyJpeg.BASELINE, 8, 8).huffman(true, 0, 2, 0);
    assertRefused(
        frame.scan(1).bits("00 00").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: it uses the AC Huffman table 0, which is not defined");
    assertRefused(
        new TinyJpeg().frame(TinyJpeg.BASELINE, 8, 8, 0x11).scan(1).bits("00 00").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: it uses the quantisation table 0, which is not defined");
    // Without any Huffman table: Motion-JPEG. Code 00 of K.3 is no difference, 1010 of K.5 the end.
    decoder.decode(TinyJpeg.grey(TinyJpeg.BASELINE, 8, 8).scan(1).bits("00 1010").end());
    assertRefused(
        TinyJpeg.grey(TinyJpeg.PROGRESSIVE, 8, 8).scan(0, 0, 0, 0).bits("00").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: it uses the DC Huffman table 0, which is not defined");
    assertRefused(
        new TinyJpeg().quantisation(0).end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: quantisation table 0 holds a zero");
    assertRefused(
        TinyJpeg.grey(TinyJpeg.BASELINE, 8, 8).huffman(true, 0, 1, 0, 1, 2).end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: a Huffman table that is no prefix code");
    // No code consists of ones alone (C.2); libjpeg holds to it.
    assertRefused(
        TinyJpeg.grey(TinyJpeg.BASELINE, 8, 8).huffman(true, 0, 1, 0, 1).end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: a Huffman table that is no prefix code");
  }

  @Test
  void everyComponentNeedsItsData() {
    TinyJpeg colour =
        new TinyJpeg()
            .quantisation(1)
            .frame(TinyJpeg.BASELINE, 8, 8, 0x11, 0x11, 0x11)
            .huffman(true, 0, 2, 0)
            .huffman(false, 0, 2, END_OF_BLOCK);
    assertRefused(
        colour.scan(2).bits("00 00 00 00").end(),
        Reason.CORRUPT,
        "is a corrupt JPEG: coefficient 0 of colour component 3 of 3 was never sent");
  }

  private void assertRefused(byte[] file, Reason reason, String message) {
    assertThatThrownBy(() -> decoder.inspect(file))
        .isInstanceOf(ImageRefusedException.class)
        .hasMessage(message)
        .extracting(e -> ((ImageRefusedException) e).reason())
        .isEqualTo(reason);
  }
}
