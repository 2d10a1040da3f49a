// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.jpeg;

import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;

/**
 * Goes through the MCUs of one scan (ITU-T T.81, E.2 and F.2.1.3) without making pixels of them,
 * and refuses it when one is missing.
 */
final class JpegScan {
  /** Bytes that libjpeg skips with a warning: those after the last MCU that belong to none. */
  private static final int SURPLUS_BYTES = 16;

  /** Larger files may have more: one byte in so many. */
  private static final int SURPLUS_SHARE = 16;

  private static final int FEW_BYTES = 8;
  private static final int FIRST_RESTART = 0xD0;
  private static final int RESTARTS = 8;

  private final JpegFrame frame;
  private final JpegScanHeader header;
  private final int number;
  private final byte[] bytes;

  /**
   * Reads one MCU of a scan after the other. Codes that are not in the table are refused by it; the
   * end of the data is the caller's business.
   */
  sealed interface McuReader permits JpegSequential, JpegDcProgression, JpegAcProgression {
    void read(int mcu);

    /** A restart interval, or the scan, ends here. */
    void endInterval();
  }

  /**
   * @param number from 1, for messages
   */
  JpegScan(JpegFrame frame, JpegScanHeader header, int number, byte[] bytes) {
    this.frame = frame;
    this.header = header;
    this.number = number;
    this.bytes = bytes;
  }

  /** Blocks that a decoder visits in this scan. */
  long blocks() {
    long blocks = 0;
    for (JpegScanHeader.Part part : header.parts()) {
      blocks += (long) header.blocksInMcu(part) * mcus();
    }
    return blocks;
  }

  private int mcus() {
    return header.parts().size() == 1
        ? frame.blocks(header.parts().get(0).component())
        : frame.mcuColumns() * frame.mcuRows();
  }

  /**
   * @param start of the entropy-coded data
   * @return position of the next marker, or the length of the file
   */
  int check(JpegTables tables, JpegCoefficientProgress progress, int start) {
    JpegEntropyData data = new JpegEntropyData(bytes, start);
    McuReader reader = reader(data, tables, progress);
    int mcus = mcus();
    int interval = tables.restartInterval() == 0 ? mcus : tables.restartInterval();
    int restarts = 0;
    int begin = start;
    for (int mcu = 0; ; ) {
      int end = (int) Math.min(mcus, (long) mcu + interval);
      for (; mcu < end; mcu++) {
        reader.read(mcu);
        if (data.isOverrun()) {
          throw missing(data.nextMarker(), mcu, mcus);
        }
      }
      reader.endInterval();
      int marker = data.nextMarker();
      checkSurplus(data.surplusBytes(marker), begin, marker, mcu == mcus);
      if (mcu == mcus) {
        return marker;
      }
      requireRestart(marker, restarts, mcu, mcus);
      begin = marker + 2;
      data.begin(begin);
      restarts++;
    }
  }

  private McuReader reader(
      JpegEntropyData data, JpegTables tables, JpegCoefficientProgress progress) {
    if (!frame.isProgressive()) {
      return new JpegSequential(data, header, tables);
    }
    return header.first() == 0
        ? new JpegDcProgression(data, header, tables)
        : new JpegAcProgression(
            data, header, tables, progress.nonZero(header.parts().get(0).component()));
  }

  /**
   * Before a restart marker hardly anything may be left over: it is where an interval shows whether
   * it held as many blocks as it should. Without an end-of-image marker no surplus is allowed: it
   * may be the half of something.
   */
  private void checkSurplus(int surplus, int begin, int marker, boolean isLast) {
    int allowed = isLast ? Math.max(SURPLUS_BYTES, (marker - begin) / SURPLUS_SHARE) : FEW_BYTES;
    if (marker == bytes.length) {
      allowed = 0;
    }
    if (surplus > allowed) {
      throw ImageRefusedException.corruptJpeg(
          "%d bytes are left over at byte %d after the last block of scan %d%s, allowed are %d"
              .formatted(
                  surplus,
                  marker - surplus,
                  number,
                  isLast ? "" : " before a restart marker",
                  allowed));
    }
  }

  private void requireRestart(int marker, int restarts, int mcu, int mcus) {
    if (marker == bytes.length) {
      throw missing(marker, mcu, mcus);
    }
    int expected = FIRST_RESTART + restarts % RESTARTS;
    int found = bytes[marker + 1] & 0xFF;
    if (found != expected) {
      throw ImageRefusedException.corruptJpeg(
          "the marker at byte %d is %02X, expected the restart marker %02X after MCU %d of scan %d"
              .formatted(marker, found, expected, mcu, number));
    }
  }

  private ImageRefusedException missing(int end, int mcu, int mcus) {
    String what =
        "the data of scan %d ends at byte %d in MCU %d of %d".formatted(number, end, mcu, mcus);
    return end == bytes.length
        ? new ImageRefusedException(Reason.TRUNCATED, "is a truncated JPEG: " + what)
        : ImageRefusedException.corruptJpeg(what);
  }
}
