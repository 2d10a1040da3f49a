// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.jpeg;

import org.bellows.data.decode.image.ByteCursor;
import org.bellows.data.decode.image.ExifReader;
import org.bellows.data.decode.image.ImageHeader;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.Orientation;
import org.bellows.data.decode.image.SizeLimit;
import org.bellows.data.shard.Encoding;

/**
 * Walks a JPEG's markers (ITU-T T.81, B.1.1) from SOI to EOI, and every scan's entropy-coded data
 * code by code, so that no part of the picture is missing when it is decoded. libjpeg fills such a
 * part with grey and says nothing.
 *
 * <p>Must pass, because libjpeg reads a whole picture from it: fill bytes and stray bytes before a
 * marker, segments of any content that it does not use (skipped by length), a few surplus bytes
 * after a scan, anything after EOI, and a file without EOI in which nothing else is missing.
 */
public final class JpegStructure {
  /** Usual files have 1 to 10; each costs a pass over the picture however short it is. */
  public static final int MOST_SCANS = 100;

  /**
   * How often the scans may go over a picture's blocks of 8 x 8. A run of empty blocks takes hardly
   * a byte, so that few bytes could ask for many passes over a large picture. One scan is one pass;
   * the scripts of libjpeg make 5 (6 of CMYK), those that mozjpeg searches through make at most 7.
   */
  static final int MOST_PASSES = 12;

  /** So many blocks may be gone over whatever the picture's size: a fraction of a second. */
  static final long FREE_BLOCK_VISITS = 1L << 22;

  /**
   * Blocks in all scans together, whatever {@code prepare.max-pixels} allows. A file's Huffman
   * codes need no limit of their own: each takes a bit, and the file's bytes are limited.
   */
  static final long MOST_BLOCK_VISITS = 1L << 28;

  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int DQT = 0xDB;
  private static final int DNL = 0xDC;
  private static final int DRI = 0xDD;
  private static final int DHT = 0xC4;
  private static final int JPG = 0xC8;
  private static final int DAC = 0xCC;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP15 = 0xEF;
  private static final int COM = 0xFE;
  private static final int TEM = 0x01;
  private static final int FIRST_RESTART = 0xD0;
  private static final int LAST_RESTART = 0xD7;

  private final byte[] bytes;
  private final ByteCursor cursor;
  private final SizeLimit limit;
  private final JpegTables tables = new JpegTables();
  private JpegFrame frame;
  private JpegCoefficientProgress progress;
  private int scans;
  private long blockVisits;
  private boolean hasExif;
  private Orientation orientation = Orientation.UPRIGHT;

  private JpegStructure(byte[] bytes, SizeLimit limit) {
    this.bytes = bytes;
    this.cursor = new ByteCursor("JPEG", bytes, 2);
    this.limit = limit;
  }

  /**
   * @param bytes that begin with SOI
   * @throws ImageRefusedException when the structure is broken, the picture too large or not whole
   */
  public static ImageHeader check(byte[] bytes, SizeLimit limit) {
    return new JpegStructure(bytes, limit).walk();
  }

  private ImageHeader walk() {
    for (int marker = nextMarker(); marker != EOI; marker = nextMarker()) {
      if (marker == SOS) {
        scan();
      } else if (isFrame(marker)) {
        frame(marker);
      } else if (marker != TEM && !isRestart(marker)) {
        segment(marker);
      }
    }
    if (frame == null) {
      throw ImageRefusedException.corruptJpeg("it has no frame header");
    }
    progress.requireComplete();
    return new ImageHeader(Encoding.JPEG, frame.height(), frame.width(), orientation);
  }

  private void segment(int marker) {
    switch (marker) {
      case DQT -> tables.readQuantisation(segment());
      case DHT -> tables.readHuffman(segment());
      case DRI -> tables.readRestartInterval(segment());
      case APP1 -> exif(segment());
      case SOI -> throw ImageRefusedException.corruptJpeg("a second start-of-image marker");
      default -> {
        if (marker != COM && marker != DNL && marker != DAC && (marker < APP0 || marker > APP15)) {
          throw ImageRefusedException.corruptJpeg(
              "the unknown marker %02X at byte %d".formatted(marker, cursor.position() - 2));
        }
        segment();
      }
    }
  }

  /**
   * Skips to the next 0xFF that is followed by neither fill nor a stuffed zero. At the end of a
   * file whose picture is complete this is EOI, though it is missing.
   */
  private int nextMarker() {
    while (cursor.remaining() > 0 || !isComplete()) {
      int value = cursor.unsignedByte();
      while (value == 0xFF && (cursor.remaining() > 0 || !isComplete())) {
        value = cursor.unsignedByte();
        if (value != 0 && value != 0xFF) {
          return value;
        }
      }
    }
    return EOI;
  }

  private boolean isComplete() {
    return progress != null && progress.isComplete();
  }

  private ByteCursor segment() {
    int length = cursor.unsignedShort();
    if (length < 2) {
      throw ImageRefusedException.corruptJpeg(
          "a segment of length " + length + " at byte " + (cursor.position() - 2));
    }
    return cursor.slice(length - 2L);
  }

  private void frame(int marker) {
    if (frame != null) {
      throw ImageRefusedException.corruptJpeg("a second frame header");
    }
    frame = JpegFrame.read(marker, segment(), limit);
    progress = new JpegCoefficientProgress(frame);
  }

  private void scan() {
    if (frame == null) {
      throw ImageRefusedException.corruptJpeg("a scan before the frame header");
    }
    JpegScanHeader header = JpegScanHeader.read(segment(), frame);
    JpegScan scan = new JpegScan(frame, header, ++scans, bytes);
    blockVisits += scan.blocks();
    long allowed =
        Math.min(
            MOST_BLOCK_VISITS, Math.max(FREE_BLOCK_VISITS, MOST_PASSES * (long) frame.blocks()));
    if (scans > MOST_SCANS || blockVisits > allowed) {
      throw new ImageRefusedException(
          Reason.TOO_LARGE,
          "has %d or more scans, over %d blocks; allowed are %d, over %d"
              .formatted(scans, blockVisits, MOST_SCANS, allowed));
    }
    progress.advance(header);
    header.parts().forEach(p -> tables.requireQuantisation(p.component().quantisation()));
    if (!frame.isProgressive()) {
      tables.standardIfNone();
    }
    cursor.skip((long) scan.check(tables, progress, cursor.position()) - cursor.position());
  }

  /**
   * The first EXIF segment before the first scan counts, as for {@link JpegHeader}. Others of this
   * marker hold XMP.
   */
  private void exif(ByteCursor segment) {
    if (scans == 0 && !hasExif && segment.skipIf("Exif\0\0")) {
      hasExif = true;
      orientation =
          ExifReader.orientation(segment.array(), segment.position(), segment.remaining());
    }
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != DHT && marker != JPG && marker != DAC;
  }

  private static boolean isRestart(int marker) {
    return marker >= FIRST_RESTART && marker <= LAST_RESTART;
  }
}
