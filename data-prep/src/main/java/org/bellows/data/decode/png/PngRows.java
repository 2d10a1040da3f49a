// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.png;

import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.bellows.data.decode.image.ByteCursor;
import org.bellows.data.decode.image.ImageRefusedException;

/**
 * Inflates a PNG's picture row by row and undoes the filters (W3C PNG, sections 7, 8 and 9). Holds
 * two rows, whatever the data would inflate to; the data must end with the last row.
 */
final class PngRows {
  /** Adam7, and one pass over everything: first row and column, and their steps. */
  private static final Pass[] INTERLACED = {
    new Pass(0, 0, 8, 8),
    new Pass(0, 4, 8, 8),
    new Pass(4, 0, 8, 4),
    new Pass(0, 2, 4, 4),
    new Pass(2, 0, 4, 2),
    new Pass(0, 1, 2, 2),
    new Pass(1, 0, 2, 1)
  };

  private static final Pass[] PLAIN = {new Pass(0, 0, 1, 1)};
  private static final int MOST_FILTER = 4;

  private final PngHeader header;
  private final List<ByteCursor> data;
  private int piece;

  /** Which pixels a pass brings. */
  record Pass(int row, int column, int rowStep, int columnStep) {}

  /** Gets the rows. */
  interface Sink {
    /**
     * @param bytes of the row, from 0 on; more may follow; overwritten later
     * @param row in the picture
     * @param pixels in this row of the pass, at least 1
     * @param pass says in which columns they are
     */
    void accept(byte[] bytes, int row, int pixels, Pass pass);
  }

  PngRows(PngHeader header, List<ByteCursor> data) {
    this.header = header;
    this.data = data;
  }

  /**
   * @throws ImageRefusedException when the data is damaged, or too short or long for the picture
   */
  void read(Sink sink) {
    Inflater inflater = new Inflater();
    try {
      for (Pass pass : header.isInterlaced() ? INTERLACED : PLAIN) {
        read(pass, inflater, sink);
      }
      requireEnd(inflater);
    } catch (DataFormatException e) {
      throw ImageRefusedException.corruptPng("its compressed data is damaged: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }

  private void read(Pass pass, Inflater inflater, Sink sink) throws DataFormatException {
    int pixels = (header.width() - pass.column() + pass.columnStep() - 1) / pass.columnStep();
    if (pixels <= 0) {
      return;
    }
    int length = header.rowBytes(pixels);
    byte[] filter = new byte[1];
    byte[] row = new byte[length];
    byte[] above = new byte[length];
    for (int y = pass.row(); y < header.height(); y += pass.rowStep()) {
      fill(filter, inflater, y);
      fill(row, inflater, y);
      if (filter[0] < 0 || filter[0] > MOST_FILTER) {
        throw ImageRefusedException.corruptPng(
            "filter %d in row %d, known are 0 to 4".formatted(filter[0] & 0xFF, y));
      }
      unfilter(filter[0], row, above);
      sink.accept(row, y, pixels, pass);
      byte[] swapped = above;
      above = row;
      row = swapped;
    }
  }

  private void fill(byte[] target, Inflater inflater, int row) throws DataFormatException {
    int filled = 0;
    while (filled < target.length) {
      int count = inflater.inflate(target, filled, target.length - filled);
      filled += count;
      if (count == 0 && !advance(inflater)) {
        throw ImageRefusedException.corruptPng(
            "its image data ends in row %d of %d".formatted(row, header.height()));
      }
    }
  }

  /** False when there is no more. */
  private boolean advance(Inflater inflater) {
    if (!inflater.needsInput() || inflater.finished() || piece == data.size()) {
      return false;
    }
    ByteCursor next = data.get(piece++);
    inflater.setInput(next.array(), next.position(), next.remaining());
    return true;
  }

  /** The checksum after the last row counts too. */
  private void requireEnd(Inflater inflater) throws DataFormatException {
    byte[] more = new byte[1];
    while (!inflater.finished()) {
      if (inflater.inflate(more) > 0) {
        throw ImageRefusedException.corruptPng("it has more image data than its size needs");
      }
      if (!inflater.finished() && !advance(inflater)) {
        throw ImageRefusedException.corruptPng("its image data has no end");
      }
    }
  }

  private void unfilter(int filter, byte[] row, byte[] above) {
    int distance = header.filterDistance();
    switch (filter) {
      case 1 -> {
        for (int i = distance; i < row.length; i++) {
          row[i] += row[i - distance];
        }
      }
      case 2 -> {
        for (int i = 0; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 0; i < row.length; i++) {
          int left = i < distance ? 0 : row[i - distance] & 0xFF;
          row[i] += (byte) ((left + (above[i] & 0xFF)) >> 1);
        }
      }
      case 4 -> {
        for (int i = 0; i < row.length; i++) {
          int left = i < distance ? 0 : row[i - distance] & 0xFF;
          int corner = i < distance ? 0 : above[i - distance] & 0xFF;
          row[i] += (byte) paeth(left, above[i] & 0xFF, corner);
        }
      }
      default -> {
        // 0: as it is.
      }
    }
  }

  /** Whichever of the three is nearest to left + up - corner. */
  private static int paeth(int left, int up, int corner) {
    int toLeft = Math.abs(up - corner);
    int toUp = Math.abs(left - corner);
    int toCorner = Math.abs(left + up - 2 * corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }
}
