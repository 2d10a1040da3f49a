// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.planes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bellows.data.decode.image.RasterImage;
import org.junit.jupiter.api.Test;

class NormalizerTest {
  private final RasterImage colour =
      new RasterImage(1, 2, 3, new byte[] {(byte) 255, 0, 0, 51, 102, (byte) 204});

  @Test
  void turnsPixelsIntoPlanes() {
    Normalizer normaliser =
        new Normalizer(new float[] {0.5f, 0, 0.2f}, new float[] {0.25f, 1, 0.5f});
    float[] out = new float[7];
    normaliser.normalise(colour, out, 1);
    // (255/255 - 0.5) / 0.25, (51/255 - 0.5) / 0.25; 0/255, 102/255; (0 - 0.2) / 0.5, (0.8 - 0.2) /
    // 0.5
    assertThat(out)
        .containsExactly(
            new float[] {0, 2, -1.2f, 0, 0.4f, -0.4f, 1.2f},
            org.assertj.core.data.Offset.offset(1e-6f));
  }

  @Test
  void greyIsLuma() {
    Normalizer normaliser = new Normalizer(new float[] {0}, new float[] {1});
    float[] out = new float[2];
    normaliser.normalise(colour, out, 0);
    // 0.299 * 255 = 76.2; 0.299 * 51 + 0.587 * 102 + 0.114 * 204 = 98.4
    assertThat(out).containsExactly(76 / 255f, 98 / 255f);
    RasterImage white = new RasterImage(1, 1, 3, new byte[] {-1, -1, -1});
    normaliser.normalise(white, out, 0);
    assertThat(out[0]).isEqualTo(1);
  }

  @Test
  void greyIsRepeated() {
    Normalizer normaliser = new Normalizer(new float[] {0, 0, 0}, new float[] {1, 1, 0.5f});
    RasterImage grey = new RasterImage(1, 2, 1, new byte[] {0, -1});
    float[] out = new float[6];
    normaliser.normalise(grey, out, 0);
    assertThat(out).containsExactly(0, 1, 0, 1, 0, 2);
  }

  @Test
  void everyValueComesBack() {
    Normalizer normaliser =
        new Normalizer(new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});
    RasterImage all = new RasterImage(16, 16, 3, new byte[768]);
    for (int i = 0; i < 768; i++) {
      all.interleaved()[i] = (byte) (i / 3);
    }
    float[] out = new float[769];
    normaliser.normalise(all, out, 1);
    ChannelPlanes planes = new ChannelPlanes(out, 1, 3, 16, 16);
    assertThat(normaliser.denormalise(planes).interleaved()).isEqualTo(all.interleaved());
    ChannelPlanes beyond = new ChannelPlanes(new float[] {9, -9, 0}, 0, 3, 1, 1);
    // 0.406 * 255 = 103.5
    assertThat(normaliser.denormalise(beyond).interleaved()).containsExactly(-1, 0, 104);
  }

  @Test
  void refusesUnevenStatistics() {
    assertThatThrownBy(() -> new Normalizer(new float[2], new float[2]))
        .hasMessage("2 means and 2 deviations, expected 1 or 3 of each");
  }
}
