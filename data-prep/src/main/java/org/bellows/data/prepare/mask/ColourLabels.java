// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bellows.data.decode.png.PngSamples;
import org.bellows.data.manifest.PixelClass;

/** Labels by the colours of a mask, those of its palette too. */
final class ColourLabels implements PngSamples.Sink {
  private static final int SHOWN = 5;
  private static final int SHOWN_KNOWN = 8;

  /** More unknown colours than this are not told apart: a photograph has a hundred thousand. */
  private static final int MOST_UNKNOWN = 1000;

  private static final int BITS = 8;
  private static final int WHITE = 255;

  private final ColourTable table;
  private final PngSamples png;
  private final byte[] labels;
  private final Map<Integer, Long> unknown = new HashMap<>();
  private long transparent;

  /** The result for the last pixel: neighbours are mostly alike. */
  private int lastColour = -1;

  private int lastLabel;

  ColourLabels(ColourTable table, PngSamples png) throws MaskRefusedException {
    if (png.depth() > BITS) {
      throw new MaskRefusedException(
          "has %d bits a channel, expected 8 with source.mask-colours".formatted(png.depth()));
    }
    this.table = table;
    this.png = png;
    this.labels = new byte[png.height() * png.width()];
  }

  @Override
  public void accept(int pixel, int red, int green, int blue, int alpha) {
    int colour;
    boolean isOpaque;
    if (png.isPalette()) {
      colour = png.paletteColour(red);
      isOpaque = png.paletteAlpha(red) == WHITE;
    } else {
      // Grey of less than 8 bits is a colour by its brightness.
      int scale = WHITE / png.opaque();
      colour = red * scale << 2 * BITS | green * scale << BITS | blue * scale;
      isOpaque = alpha == png.opaque();
    }
    if (!isOpaque) {
      transparent++;
    }
    if (colour != lastColour) {
      lastColour = colour;
      lastLabel = table.label(colour);
    }
    if (lastLabel == MaskRules.NONE
        && (unknown.size() < MOST_UNKNOWN || unknown.containsKey(colour))) {
      unknown.merge(colour, 1L, Long::sum);
    }
    labels[pixel] = (byte) lastLabel;
  }

  /** Height x width. */
  byte[] labels() throws MaskRefusedException {
    if (!unknown.isEmpty()) {
      String most =
          unknown.entrySet().stream()
              .sorted(
                  Map.Entry.<Integer, Long>comparingByValue(Comparator.reverseOrder())
                      .thenComparing(Map.Entry.comparingByKey()))
              .limit(SHOWN)
              .map(
                  colour ->
                      String.format(
                          Locale.ROOT,
                          "%s (%,d pixels)",
                          PixelClass.text(colour.getKey()),
                          colour.getValue()))
              .collect(Collectors.joining(", "));
      String more = unknown.size() > SHOWN ? " and %d more".formatted(unknown.size() - SHOWN) : "";
      throw new MaskRefusedException(
          "holds colours that source.mask-colours does not name: %s%s; allowed: %s"
              .formatted(most, more, table.shown(SHOWN_KNOWN)));
    }
    if (transparent > 0) {
      throw new MaskRefusedException(
          String.format(
              Locale.ROOT,
              "has %,d pixels that are not opaque, expected none; store the mask without alpha",
              transparent));
    }
    return labels;
  }
}
