// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.png;

import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.Orientation;
import org.bellows.data.decode.image.SizeLimit;

/**
 * The samples of a PNG without conversion, for pictures whose numbers mean something: samples of 1
 * to 16 bits without scaling, indices of a palette instead of its colours. The structure is checked
 * from end to end; two rows are held, whatever the picture's size.
 */
public final class PngSamples {
  private static final int BITS = 8;
  private static final int RGB = 3;

  private final PngStructure structure;
  private final PngHeader header;

  /** Gets pixels in any order. */
  public interface Sink {
    /**
     * Where there is one sample a pixel, all three are it.
     *
     * @param pixel row x width + column
     * @param alpha sample; {@link PngSamples#opaque} where there is none
     */
    void accept(int pixel, int red, int green, int blue, int alpha);
  }

  private PngSamples(PngStructure structure) {
    this.structure = structure;
    this.header = structure.header();
  }

  /**
   * Looks at the chunks; what they hold is inflated by {@link #read} only.
   *
   * @param file that begins with the PNG signature
   * @throws ImageRefusedException when the structure is broken or the picture too large
   */
  public static PngSamples of(byte[] file, SizeLimit limit) {
    limit.checkBytes(file.length);
    return new PngSamples(PngStructure.walk(file, limit));
  }

  public int height() {
    return header.height();
  }

  public int width() {
    return header.width();
  }

  /** Bits of a sample or index: 1, 2, 4, 8 or 16. */
  public int depth() {
    return header.depth();
  }

  public boolean isPalette() {
    return header.colour() == PngHeader.Colour.PALETTE;
  }

  /** Whether a pixel has three samples of its own, with or without alpha. */
  public boolean isColour() {
    return header.colour().channels() >= RGB;
  }

  /** Of its own EXIF block. */
  public Orientation orientation() {
    return structure.orientation();
  }

  /** The largest sample. */
  public int opaque() {
    return (1 << header.depth()) - 1;
  }

  /**
   * Red, green and blue of a colour of the palette, one below the other.
   *
   * @param index that {@link #read} gave
   */
  public int paletteColour(int index) {
    byte[] palette = structure.palette();
    int at = index * RGB;
    return (palette[at] & 0xFF) << 2 * BITS
        | (palette[at + 1] & 0xFF) << BITS
        | palette[at + 2] & 0xFF;
  }

  /** 0..255; 255 where the file says nothing of this colour of the palette. */
  public int paletteAlpha(int index) {
    byte[] alphas = structure.transparency();
    return alphas != null && index < alphas.length ? alphas[index] & 0xFF : 0xFF;
  }

  /**
   * Every pixel once.
   *
   * @throws ImageRefusedException when the data is damaged, or names a colour that the palette
   *     lacks
   */
  public void read(Sink sink) {
    PngPaletteCheck check = new PngPaletteCheck(header, structure.colours());
    new PngRows(header, structure.data())
        .read(
            (bytes, row, pixels, pass) -> {
              check.accept(bytes, row, pixels, pass);
              give(bytes, row, pixels, pass, sink);
            });
  }

  private void give(byte[] bytes, int row, int pixels, PngRows.Pass pass, Sink sink) {
    int channels = header.colour().channels();
    boolean hasAlpha = header.colour().hasAlpha();
    boolean isColour = isColour();
    int at = row * header.width() + pass.column();
    for (int i = 0; i < pixels; i++, at += pass.columnStep()) {
      int first = sample(bytes, i * channels);
      int second = isColour ? sample(bytes, i * channels + 1) : first;
      int third = isColour ? sample(bytes, i * channels + 2) : first;
      int alpha = hasAlpha ? sample(bytes, i * channels + channels - 1) : opaque();
      sink.accept(at, first, second, third, alpha);
    }
  }

  /** Several samples a pixel have 8 or 16 bits, so that counting samples finds them. */
  private int sample(byte[] row, int index) {
    return header.depth() == 2 * BITS
        ? (row[2 * index] & 0xFF) << BITS | row[2 * index + 1] & 0xFF
        : PngDecoder.sample(row, index, header.depth());
  }
}
