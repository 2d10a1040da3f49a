// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.jpeg;

/** MCUs of a baseline or extended sequential scan (ITU-T T.81, F.2.2). */
final class JpegSequential implements JpegScan.McuReader {
  private static final int COEFFICIENTS = 64;

  private final JpegEntropyData data;

  /** The tables of each block of an MCU. */
  private final JpegHuffmanTable[] dc;

  private final JpegHuffmanTable[] ac;

  JpegSequential(JpegEntropyData data, JpegScanHeader header, JpegTables tables) {
    this.data = data;
    int blocks = 0;
    for (JpegScanHeader.Part part : header.parts()) {
      blocks += header.blocksInMcu(part);
    }
    this.dc = new JpegHuffmanTable[blocks];
    this.ac = new JpegHuffmanTable[blocks];
    int at = 0;
    for (JpegScanHeader.Part part : header.parts()) {
      for (int i = header.blocksInMcu(part); i > 0; i--) {
        dc[at] = tables.dc(part.dc());
        ac[at] = tables.ac(part.ac());
        at++;
      }
    }
  }

  @Override
  public void read(int mcu) {
    for (int block = 0; block < dc.length; block++) {
      block(dc[block], ac[block], mcu);
    }
  }

  /** The values do not matter: only the lengths of codes and coefficients, and the runs. */
  private void block(JpegHuffmanTable dcTable, JpegHuffmanTable acTable, int mcu) {
    JpegEntropyData in = data;
    int entry = in.peek(dcTable);
    long buffer = in.buffer << JpegHuffmanTable.totalBits(entry);
    int count = in.count - JpegHuffmanTable.totalBits(entry);
    int index = 1;
    while (index < COEFFICIENTS && entry != 0) {
      if (count < JpegEntropyData.ENOUGH_BITS) {
        in.buffer = buffer;
        in.count = count;
        in.refill();
        buffer = in.buffer;
        count = in.count;
      }
      entry = acTable.entry(buffer);
      buffer <<= JpegHuffmanTable.totalBits(entry);
      count -= JpegHuffmanTable.totalBits(entry);
      index += JpegHuffmanTable.step(entry);
    }
    in.buffer = buffer;
    in.count = count;
    if (entry == 0 || (index > COEFFICIENTS && index < JpegHuffmanTable.END_OF_BLOCK)) {
      refuse(entry, index, mcu);
    }
  }

  private void refuse(int entry, int index, int mcu) {
    boolean isPast = entry != 0 && index < JpegHuffmanTable.RESERVED;
    data.refuse(
        isPast
            ? "the coefficients of a block in MCU %d run to %d of 64".formatted(mcu, index)
            : "no Huffman table has the code in MCU " + mcu);
  }

  @Override
  public void endInterval() {}
}
