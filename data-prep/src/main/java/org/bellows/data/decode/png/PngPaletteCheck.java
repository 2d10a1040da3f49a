// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.png;

import org.bellows.data.decode.image.ImageRefusedException;

/** Refuses pixels of colours that the palette does not have; without a palette it does nothing. */
final class PngPaletteCheck implements PngRows.Sink {
  private final PngHeader header;
  private final int colours;

  PngPaletteCheck(PngHeader header, int colours) {
    this.header = header;
    this.colours = colours;
  }

  @Override
  public void accept(byte[] bytes, int row, int pixels, PngRows.Pass pass) {
    if (header.colour() != PngHeader.Colour.PALETTE || colours == 1 << header.depth()) {
      return;
    }
    for (int i = 0; i < pixels; i++) {
      int colour = PngDecoder.sample(bytes, i, header.depth());
      if (colour >= colours) {
        throw ImageRefusedException.corruptPng(
            "colour %d of a palette of %d, in row %d".formatted(colour, colours, row));
      }
    }
  }
}
