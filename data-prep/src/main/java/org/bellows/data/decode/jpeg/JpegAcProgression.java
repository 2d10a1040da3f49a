// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.jpeg;

import org.bellows.data.decode.image.ImageRefusedException;

/**
 * Blocks of a progressive AC scan, the first (ITU-T T.81, G.1.2.2) or a refinement (G.1.2.3). A
 * refinement has one bit more for each coefficient that is not zero already, so that these must be
 * known; their values need not.
 */
final class JpegAcProgression implements JpegScan.McuReader {
  private static final int ZERO_RUN = 15;

  private final JpegEntropyData data;
  private final JpegHuffmanTable table;
  private final int first;
  private final int last;
  private final boolean isFirst;
  private final long[] nonZero;

  /** Blocks from here on that have no new coefficient in this band. */
  private int endOfBandRun;

  /**
   * @param nonZero for each block the coefficients that are not zero; brought up to date
   */
  JpegAcProgression(
      JpegEntropyData data, JpegScanHeader header, JpegTables tables, long[] nonZero) {
    this.data = data;
    this.table = tables.ac(header.parts().get(0).ac());
    this.first = header.first();
    this.last = header.last();
    this.isFirst = header.high() == 0;
    this.nonZero = nonZero;
  }

  @Override
  public void read(int mcu) {
    if (endOfBandRun > 0) {
      endOfBandRun--;
      skipCorrections(mcu, first);
    } else if (isFirst) {
      readFirst(mcu);
    } else {
      readRefinement(mcu);
    }
  }

  private void readFirst(int block) {
    int index = first;
    while (index <= last) {
      int symbol = nextSymbol(block);
      if (symbol < 0) {
        return;
      }
      int run = symbol >> 4;
      int bits = symbol & 15;
      if (bits == 0 && run < ZERO_RUN) {
        beginEndOfBandRun(run);
        return;
      }
      index += run;
      if (bits > 0 && index <= last) {
        nonZero[block] |= 1L << index;
        data.take(bits);
      } else if (index > last) {
        refusePast(block, index);
        return;
      }
      index++;
    }
  }

  private void readRefinement(int block) {
    int index = first;
    while (index <= last) {
      int symbol = nextSymbol(block);
      if (symbol < 0) {
        return;
      }
      int run = symbol >> 4;
      int bits = symbol & 15;
      if (bits == 0 && run < ZERO_RUN) {
        beginEndOfBandRun(run);
        skipCorrections(block, index);
        return;
      }
      if (bits > 1) {
        data.refuse("a new coefficient of %d bits in a refinement, expected 1".formatted(bits));
        return;
      }
      // The sign.
      data.take(bits);
      index = passZeros(block, index, run);
      if (index > last) {
        refusePast(block, index);
        return;
      }
      nonZero[block] |= (long) bits << index;
      index++;
    }
  }

  /** The place after {@code zeros} zeros that is zero itself; each other one takes a bit. */
  private int passZeros(int block, int from, int zeros) {
    int index = from;
    int left = zeros;
    int corrections = 0;
    while (index <= last) {
      if ((nonZero[block] >>> index & 1) != 0) {
        corrections++;
      } else if (left-- == 0) {
        break;
      }
      index++;
    }
    data.skip(corrections);
    return index;
  }

  /** EOBn: this block and 2^n - 1 more, and as many as n bits say. */
  private void beginEndOfBandRun(int bits) {
    endOfBandRun = (1 << bits) - 1 + data.take(bits);
  }

  /** The coefficients of the band from this one on; none in a first scan, whose band was zero. */
  private void skipCorrections(int block, int from) {
    long band = -1L << from & -1L >>> (63 - last);
    data.skip(Long.bitCount(nonZero[block] & band));
  }

  /** Negative, and the data overrun, at its end. */
  private int nextSymbol(int block) {
    int entry = data.peek(table);
    if (entry == 0) {
      data.refuse("no Huffman table has the code in block " + block);
      return -1;
    }
    data.take(JpegHuffmanTable.codeBits(entry));
    return JpegHuffmanTable.symbol(entry);
  }

  private void refusePast(int block, int index) {
    data.refuse(
        "the coefficients of block %d run to %d, the scan's band ends with %d"
            .formatted(block, index, last));
  }

  @Override
  public void endInterval() {
    if (endOfBandRun > 0) {
      throw ImageRefusedException.corruptJpeg(
          "a run of %d empty blocks continues after the last one".formatted(endOfBandRun));
    }
  }
}
