// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bellows.data.decode.image.RasterImage;
import org.junit.jupiter.api.Test;

class ContactSheetTest {
  private static final int CELL = 225;
  private static final int PAPER = 250;

  @Test
  void aLabelOfManyLinesStaysBesideItsRow() {
    RasterImage two =
        new ContactSheet(32, List.of("1"))
            .row("a\nb", List.of(ContactSheet.empty()))
            .row("c", List.of(ContactSheet.empty()))
            .picture();
    RasterImage many =
        new ContactSheet(32, List.of("1"))
            .row("a\nb\n" + "x\n".repeat(40), List.of(ContactSheet.empty()))
            .row("c", List.of(ContactSheet.empty()))
            .picture();
    assertThat(many.interleaved()).isEqualTo(two.interleaved());
  }

  @Test
  void aPictureIsFittedWholeAndInItsOwnShape() {
    RasterImage wide = filled(10, 40, 3, 200);
    RasterImage fitted = ContactSheet.fitted(wide, 20);
    assertThat(fitted)
        .extracting(RasterImage::height, RasterImage::width, RasterImage::channels)
        .containsExactly(20, 20, 3);
    // 10 x 40 -> 5 x 20, rows 7 to 11.
    for (int row = 0; row < 20; row++) {
      assertThat(at(fitted, row, 10)).as("row " + row).isEqualTo(row < 7 || row > 11 ? CELL : 200);
    }
  }

  @Test
  void greyBecomesColour() {
    assertThat(at(ContactSheet.fitted(filled(4, 4, 1, 9), 8), 4, 4)).isEqualTo(9);
  }

  @Test
  void rowsAndTitlesAreDrawnWhereTheyBelong() {
    RasterImage empty = new ContactSheet(16, List.of("", "")).row("", List.of()).picture();
    RasterImage sheet =
        new ContactSheet(16, List.of("one", "two"))
            .row("class \u00e4", List.of(filled(5, 5, 3, 1), filled(5, 5, 3, 2)))
            .row("none", List.of())
            .picture();
    assertThat(sheet.width()).isEqualTo(empty.width());
    assertThat(sheet.height()).isEqualTo(empty.height() + 22);
    assertThat(count(sheet, 1)).isEqualTo(16 * 16);
    assertThat(count(sheet, 2)).isEqualTo(16 * 16);
    assertThat(count(empty, PAPER)).isEqualTo(empty.height() * empty.width());
    // Titles and labels: letters between the ink's grey and the paper's.
    assertThat(IntStream.rangeClosed(60, 120).map(grey -> count(sheet, grey)).sum()).isPositive();
  }

  @Test
  void morePicturesThanColumnsAreRefused() {
    ContactSheet sheet = new ContactSheet(16, List.of("one"));
    RasterImage picture = filled(1, 1, 3, 0);
    assertThatThrownBy(() -> sheet.row("", List.of(picture, picture)))
        .hasMessage("2 pictures in a row of 1 columns");
  }

  private static RasterImage filled(int height, int width, int channels, int value) {
    byte[] bytes = new byte[height * width * channels];
    Arrays.fill(bytes, (byte) value);
    return new RasterImage(height, width, channels, bytes);
  }

  private static int at(RasterImage picture, int row, int column) {
    return picture.interleaved()[(row * picture.width() + column) * 3] & 0xFF;
  }

  private static int count(RasterImage picture, int value) {
    int count = 0;
    for (int row = 0; row < picture.height(); row++) {
      for (int column = 0; column < picture.width(); column++) {
        count += at(picture, row, column) == value ? 1 : 0;
      }
    }
    return count;
  }

  /** Two columns leave room for one entry a line. */
  @Test
  void theLegendIsAboveTheRows() {
    RasterImage picture = new RasterImage(1, 1, 1, new byte[] {9});
    List<String> titles = List.of("1", "2");
    RasterImage without = new ContactSheet(32, titles).row("", List.of(picture)).picture();
    Legend legend =
        new Legend(List.of(new Legend.Entry("sky", 0x102030), new Legend.Entry("void", 0xe0e0c0)));
    RasterImage with =
        new ContactSheet(32, titles).legend(legend).row("", List.of(picture)).picture();
    assertThat(with.height() - without.height()).isEqualTo(2 * 17 + 6);
    assertThat(with.width()).isEqualTo(without.width());
    for (int entry = 0; entry < 2; entry++) {
      int middle = ((6 + entry * 17 + 6) * with.width() + 6 + 6) * 3;
      int[] rgb = new int[3];
      Arrays.setAll(rgb, channel -> with.interleaved()[middle + channel] & 0xFF);
      assertThat(rgb[0] << 16 | rgb[1] << 8 | rgb[2]).isEqualTo(legend.entries().get(entry).rgb());
    }
  }
}
