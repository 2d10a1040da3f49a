// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.show;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.decode.image.RasterImage;

/**
 * Rows of pictures with a label at the left of each row and a title above each column. A picture is
 * scaled to fit its cell, whole and in its own shape.
 */
public final class ContactSheet {
  private static final int RGB = 3;
  private static final byte PAPER = (byte) 250;
  private static final byte CELL = (byte) 225;
  private static final int GAP = 6;
  private static final int LABEL_WIDTH = 225;
  private static final int TEXT_HEIGHT = 11;
  private static final int LINE_HEIGHT = 17;
  private static final int MOST_CHARACTERS = 24;
  private static final int LEGEND_WIDTH = 230;
  private static final int SWATCH = 13;
  private static final int EDGE = 130;

  private final int cell;
  private final List<String> titles;
  private final List<Row> rows = new ArrayList<>();
  private List<Legend.Entry> legend = List.of();

  private record Row(String label, List<RasterImage> pictures) {}

  /**
   * @param cell side of a cell in pixels
   * @param titles one a column
   */
  public ContactSheet(int cell, List<String> titles) {
    this.cell = cell;
    this.titles = List.copyOf(titles);
  }

  /**
   * @param label ASCII is shown as it is, anything else as "?"; lines are broken at line feeds, and
   *     as many are shown as fit beside the row
   * @param pictures any sizes, 1 or 3 channels; at most as many as there are columns
   */
  public ContactSheet row(String label, List<RasterImage> pictures) {
    if (pictures.size() > titles.size()) {
      throw new IllegalArgumentException(
          "%d pictures in a row of %d columns".formatted(pictures.size(), titles.size()));
    }
    rows.add(new Row(label, List.copyOf(pictures)));
    return this;
  }

  /** Shows the meaning of the colours above all rows. */
  public ContactSheet legend(Legend colours) {
    legend = colours.entries();
    return this;
  }

  /** A picture that looks like a cell without one. */
  public static RasterImage empty() {
    return new RasterImage(1, 1, 1, new byte[] {CELL});
  }

  /** The whole sheet, height x width x 3. */
  public RasterImage picture() {
    int width = GAP + LABEL_WIDTH + titles.size() * (cell + GAP);
    int entriesALine = Math.max(1, (width - GAP) / LEGEND_WIDTH);
    int legendLines = (legend.size() + entriesALine - 1) / entriesALine;
    int titlesTop = GAP + legendLines * LINE_HEIGHT + (legendLines == 0 ? 0 : GAP);
    int top = titlesTop + LINE_HEIGHT;
    int height = top + rows.size() * (cell + GAP);
    byte[] paper = new byte[height * width * RGB];
    Arrays.fill(paper, PAPER);
    RasterImage sheet = new RasterImage(height, width, RGB, paper);
    for (int column = 0; column < titles.size(); column++) {
      write(sheet, titles.get(column), titlesTop, left(column), cell);
    }
    for (int i = 0; i < legend.size(); i++) {
      int line = GAP + i / entriesALine * LINE_HEIGHT;
      draw(sheet, legend.get(i), line, GAP + i % entriesALine * LEGEND_WIDTH);
    }
    for (int row = 0; row < rows.size(); row++) {
      draw(sheet, rows.get(row), top + row * (cell + GAP));
    }
    return sheet;
  }

  private int left(int column) {
    return GAP + LABEL_WIDTH + column * (cell + GAP);
  }

  /** A square in the colour, with an edge, as some colours are nearly the paper's. */
  private static void draw(RasterImage sheet, Legend.Entry entry, int top, int left) {
    byte[] square = new byte[SWATCH * SWATCH * RGB];
    Arrays.fill(square, (byte) EDGE);
    for (int row = 1; row < SWATCH - 1; row++) {
      for (int column = 1; column < SWATCH - 1; column++) {
        int at = (row * SWATCH + column) * RGB;
        square[at] = (byte) (entry.rgb() >> 16);
        square[at + 1] = (byte) (entry.rgb() >> 8);
        square[at + 2] = (byte) entry.rgb();
      }
    }
    paste(sheet, new RasterImage(SWATCH, SWATCH, RGB, square), top, left);
    int text = left + SWATCH + GAP;
    int most = Math.min(LEGEND_WIDTH - SWATCH - 2 * GAP, sheet.width() - text);
    write(sheet, shortened(entry.name()), top, text, most);
  }

  private void draw(RasterImage sheet, Row row, int top) {
    int line = top;
    List<String> lines = List.of(row.label().split("\n"));
    int fitting = Math.max(1, (cell + GAP) / LINE_HEIGHT);
    for (String text : lines.subList(0, Math.min(fitting, lines.size()))) {
      write(sheet, shortened(text), line, GAP, LABEL_WIDTH - GAP);
      line += LINE_HEIGHT;
    }
    for (int column = 0; column < row.pictures().size(); column++) {
      paste(sheet, fitted(row.pictures().get(column), cell), top, left(column));
    }
  }

  private static String shortened(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS - 2) + "..";
  }

  private static void write(RasterImage sheet, String text, int top, int left, int most) {
    if (text.isBlank()) {
      return;
    }
    RasterImage written = OpenCv.text(text.replaceAll("[^ -~]", "?"), TEXT_HEIGHT, PAPER & 0xFF);
    int width = Math.min(written.width(), most);
    int height = Math.min(written.height(), LINE_HEIGHT);
    for (int row = 0; row < height; row++) {
      System.arraycopy(
          written.interleaved(),
          row * written.width() * RGB,
          sheet.interleaved(),
          ((top + row) * sheet.width() + left) * RGB,
          width * RGB);
    }
  }

  /**
   * The whole picture in the middle of a square, enlarged or reduced.
   *
   * @return side x side x 3
   */
  public static RasterImage fitted(RasterImage picture, int side) {
    double scale = (double) side / Math.max(picture.height(), picture.width());
    int height = Math.max(1, (int) Math.round(picture.height() * scale));
    int width = Math.max(1, (int) Math.round(picture.width() * scale));
    Region whole = new Region(0, 0, picture.height(), picture.width());
    RasterImage scaled = MaskOverlay.inColour(OpenCv.resize(picture, whole, height, width));
    byte[] square = new byte[side * side * RGB];
    Arrays.fill(square, CELL);
    RasterImage fitted = new RasterImage(side, side, RGB, square);
    paste(fitted, scaled, (side - height) / 2, (side - width) / 2);
    return fitted;
  }

  private static void paste(RasterImage on, RasterImage picture, int top, int left) {
    for (int row = 0; row < picture.height(); row++) {
      System.arraycopy(
          picture.interleaved(),
          row * picture.width() * RGB,
          on.interleaved(),
          ((top + row) * on.width() + left) * RGB,
          picture.width() * RGB);
    }
  }
}
