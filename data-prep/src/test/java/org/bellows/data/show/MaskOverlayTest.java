// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.PixelClass;
import org.junit.jupiter.api.Test;

class MaskOverlayTest {
  private static final MaskOverlay VOC = new MaskOverlay(List.of());

  private static RasterImage mask(int... labels) {
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      bytes[i] = (byte) labels[i];
    }
    return new RasterImage(1, labels.length, 1, bytes);
  }

  /** The first colours of PASCAL VOC's own table. */
  @Test
  void coloursAreThoseOfPascalVoc() {
    int[][] table = {
      {0, 0, 0},
      {128, 0, 0},
      {0, 128, 0},
      {128, 128, 0},
      {0, 0, 128},
      {128, 0, 128},
      {0, 128, 128},
      {128, 128, 128},
      {64, 0, 0},
      {192, 0, 0}
    };
    for (int label = 0; label < table.length; label++) {
      for (int channel = 0; channel < 3; channel++) {
        assertThat(VOC.colour(label, channel))
            .as("label %d, channel %d", label, channel)
            .isEqualTo(table[label][channel]);
      }
    }
    assertThat(VOC.colour(255, 0)).isEqualTo(224);
    assertThat(VOC.colour(255, 2)).isEqualTo(192);
  }

  /** (10 x colour + 6 x picture) / 16. */
  @Test
  void aLabelTintsThePictureAndTheBackgroundDoesNot() {
    RasterImage picture = new RasterImage(1, 2, 3, new byte[] {16, 32, 48, 16, 32, 48});
    RasterImage seen = VOC.of(new MaskedPicture(picture, mask(0, 1)));
    assertThat(seen.interleaved()).containsExactly(16, 32, 48, 86, 12, 18);
    RasterImage grey = new RasterImage(1, 2, 1, new byte[] {16, 32});
    assertThat(VOC.of(new MaskedPicture(grey, mask(0, 1))).interleaved())
        .containsExactly(16, 16, 16, 92, 12, 12);
  }

  @Test
  void classesHaveTheirOwnColours() {
    MaskOverlay own = new MaskOverlay(List.of(new PixelClass("sky", "#102030")));
    RasterImage grey = new RasterImage(1, 2, 1, new byte[] {16, 32});
    assertThat(own.of(new MaskedPicture(grey, mask(0, 1))).interleaved())
        .containsExactly(16, 26, 36, 92, 12, 12);
  }

  @Test
  void theLegendHasTheClassesAndVoid() {
    MaskOverlay overlay =
        new MaskOverlay(
            List.of(new PixelClass("ground", "#000000"), new PixelClass("sky", "#102030")));
    assertThat(overlay.legend().entries())
        .containsExactly(
            new Legend.Entry("ground, not drawn", 0),
            new Legend.Entry("sky", 0x102030),
            new Legend.Entry("void", 0xe0e0c0));
  }

  @Test
  void labelsAreNamedInOrder() {
    assertThat(MaskOverlay.labels(List.of(mask(255, 0), mask(7, 0)))).isEqualTo("0 7 255");
  }
}
