// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.data.TestImages;
import org.bellows.data.augment.RandomCrop;
import org.bellows.data.augment.RandomHorizontalFlip;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;

class MaskRendererTest {
  private final RasterImage mask = new RasterImage(2, 4, 1, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

  /** To 1 x 2: the centres lie on row 1, columns 1 and 3. */
  @Test
  void takesTheNearestLabel() {
    Placement half = Placement.stretched(2, 4, 1, 2);
    assertThat(new MaskRenderer(1, 2, 0).render(mask, half).interleaved()).containsExactly(6, 8);
    Placement twice = Placement.stretched(2, 4, 4, 8);
    assertThat(new MaskRenderer(4, 8, 0).render(mask, twice).interleaved())
        .startsWith(1, 1, 2, 2, 3, 3, 4, 4, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5);
    Placement region = new Placement(new Region(1, 1, 1, 2), 1, 2, 0, 0, false);
    assertThat(new MaskRenderer(1, 2, 0).render(mask, region).interleaved()).containsExactly(6, 7);
  }

  @Test
  void movesFillsAndMirrors() {
    Placement moved = Placement.stretched(2, 4, 2, 4).at(-1, 1);
    assertThat(new MaskRenderer(2, 4, 9).render(mask, moved).interleaved())
        .containsExactly(9, 9, 9, 9, 2, 3, 4, 9);
    assertThat(new MaskRenderer(2, 4, 9).render(mask, moved.mirrored(true)).interleaved())
        .containsExactly(9, 9, 9, 9, 9, 4, 3, 2);
  }

  /** Where nothing is scaled the picture's renderer and this one do the same. */
  @Test
  void agreesWithThePicturesRendererPixelByPixel() {
    RasterImage picture = TestImages.counting(13, 17, 1);
    TargetWindow window = new TargetWindow(13, 17);
    for (int seed = 0; seed < 30; seed++) {
      Placement placement =
          new RandomHorizontalFlip(new RandomCrop(13, 17, 5)).place(13, 17, new SampleRandom(seed));
      assertThat(new MaskRenderer(13, 17, 0).render(picture, placement).interleaved())
          .isEqualTo(window.draw(picture, placement).interleaved());
    }
  }
}
