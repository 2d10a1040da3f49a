// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.jpeg;

/** MCUs of a progressive DC scan, the first or a refinement (ITU-T T.81, G.1.2.1). */
final class JpegDcProgression implements JpegScan.McuReader {
  private final JpegEntropyData data;

  /** The table of each block of an MCU; refinements, which are bare bits, have none. */
  private final JpegHuffmanTable[] tables;

  private final boolean isFirst;

  JpegDcProgression(JpegEntropyData data, JpegScanHeader header, JpegTables tables) {
    this.data = data;
    this.isFirst = header.high() == 0;
    int blocks = 0;
    for (JpegScanHeader.Part part : header.parts()) {
      blocks += header.blocksInMcu(part);
    }
    this.tables = new JpegHuffmanTable[blocks];
    int at = 0;
    for (JpegScanHeader.Part part : header.parts()) {
      for (int i = header.blocksInMcu(part); i > 0 && isFirst; i--) {
        this.tables[at++] = tables.dc(part.dc());
      }
    }
  }

  @Override
  public void read(int mcu) {
    if (!isFirst) {
      data.skip(tables.length);
      return;
    }
    for (JpegHuffmanTable table : tables) {
      int entry = data.peek(table);
      if (entry == 0) {
        data.refuse("no Huffman table has the code in MCU " + mcu);
        return;
      }
      data.take(JpegHuffmanTable.totalBits(entry));
    }
  }

  @Override
  public void endInterval() {}
}
