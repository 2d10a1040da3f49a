// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.data.augment.place.Placement;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;

class RandomScaleCropTest {
  /** At zoom 1 and without a stated side the picture just covers the window. */
  @Test
  void atZoomOneThePictureCoversTheWindow() {
    Placement placement =
        new RandomScaleCrop(180, 240, 0, 1, 1).place(360, 480, new SampleRandom(1));
    assertThat(placement)
        .isEqualTo(new Placement(new Region(0, 0, 360, 480), 180, 240, 0, 0, false));
    // Twice as wide: the height decides, and a window of 180 x 240 of 180 x 480 is seen.
    Placement wide = new RandomScaleCrop(180, 240, 0, 1, 1).place(360, 960, new SampleRandom(1));
    assertThat(wide.region().height()).isEqualTo(360);
    assertThat(wide.region().width()).isEqualTo(480);
    assertThat(wide.scaledHeight()).isEqualTo(180);
    assertThat(wide.scaledWidth()).isEqualTo(240);
  }

  /** Shorter side 100 of 200 x 300, zoom 0.5: 50 x 75 lies somewhere in 60 x 80. */
  @Test
  void aSmallPictureIsPadded() {
    boolean isMoved = false;
    for (int seed = 0; seed < 20; seed++) {
      Placement placement =
          new RandomScaleCrop(60, 80, 100, 0.5, 0.5).place(200, 300, new SampleRandom(seed));
      assertThat(placement.region()).isEqualTo(new Region(0, 0, 200, 300));
      assertThat(placement.scaledHeight()).isEqualTo(50);
      assertThat(placement.scaledWidth()).isEqualTo(75);
      assertThat(placement.top()).isBetween(-10, 0);
      assertThat(placement.left()).isBetween(-5, 0);
      isMoved |= placement.top() < 0 && placement.left() < 0;
    }
    assertThat(isMoved).isTrue();
  }

  /** Zoom 2 of 100 pixels: 60 rows of the window are 30 of the picture. */
  @Test
  void aLargePictureIsCut() {
    for (int seed = 0; seed < 20; seed++) {
      Placement placement =
          new RandomScaleCrop(60, 80, 100, 2, 2).place(100, 150, new SampleRandom(seed));
      assertThat(placement.region().height()).isEqualTo(30);
      assertThat(placement.region().width()).isEqualTo(40);
      assertThat(placement.region().top()).isBetween(0, 70);
      assertThat(placement.region().left()).isBetween(0, 110);
      assertThat(placement.scaledHeight()).isEqualTo(60);
      assertThat(placement.top()).isZero();
    }
    RandomScaleCrop random = new RandomScaleCrop(60, 80, 0, 0.5, 2);
    assertThat(random.place(100, 150, new SampleRandom(3)))
        .isEqualTo(random.place(100, 150, new SampleRandom(3)))
        .isNotEqualTo(random.place(100, 150, new SampleRandom(4)));
  }
}
