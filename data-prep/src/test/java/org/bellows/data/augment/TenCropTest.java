// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bellows.data.TestImages;
import org.bellows.data.augment.TenCrop.View;
import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.augment.render.TargetWindow;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;

class TenCropTest {
  /**
   * 200 x 300, shorter side to 10: 20 source pixels to one, so a 6 x 8 patch is 120 x 160 of them.
   */
  @Test
  void patchesByHand() {
    assertThat(region(View.CENTRE)).isEqualTo(new Region(40, 70, 120, 160));
    assertThat(region(View.UPPER_LEFT)).isEqualTo(new Region(0, 0, 120, 160));
    assertThat(region(View.UPPER_RIGHT)).isEqualTo(new Region(0, 140, 120, 160));
    assertThat(region(View.LOWER_LEFT)).isEqualTo(new Region(80, 0, 120, 160));
    assertThat(region(View.LOWER_RIGHT)).isEqualTo(new Region(80, 140, 120, 160));
  }

  @Test
  void viewsArePatchesAndTheirMirrorImages() {
    List<Augmentation> views = TenCrop.views(6, 8, 10);
    assertThat(views).hasSize(10).doesNotHaveDuplicates();
    RasterImage picture = TestImages.counting(10, 12, 3);
    TargetWindow window = new TargetWindow(6, 8);
    for (int view = 0; view < 10; view += 2) {
      RasterImage plain = window.draw(picture, place(views.get(view)));
      RasterImage mirrored = window.draw(picture, place(views.get(view + 1)));
      for (int row = 0; row < 6; row++) {
        for (int column = 0; column < 8; column++) {
          assertThat(mirrored.at(row, 7 - column, 2)).isEqualTo(plain.at(row, column, 2));
        }
      }
    }
    // Scale 1, so corners are copies: the last view's patch ends at the last pixel.
    RasterImage lowerRight = window.draw(picture, place(views.get(8)));
    assertThat(lowerRight.at(5, 7, 1)).isEqualTo(picture.at(9, 11, 1));
  }

  private static Placement place(Augmentation view) {
    return view.place(10, 12, new SampleRandom(1));
  }

  private static Region region(View patch) {
    return new TenCrop(6, 8, 10, patch, false).place(200, 300, new SampleRandom(1)).region();
  }
}
