// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.data.TestSettings;
import org.bellows.data.decode.TinyPng;

/** Small masks of every kind of PNG. */
public final class TestMasks {
  public static final int GREY = 0;
  public static final int RGB = 2;
  public static final int PALETTE = 3;
  public static final int GREY_ALPHA = 4;
  public static final int RGB_ALPHA = 6;

  private TestMasks() {}

  /** One row of grey. */
  public static byte[] grey(int depth, int... values) {
    int[][][] samples = new int[1][values.length][];
    for (int i = 0; i < values.length; i++) {
      samples[0][i] = new int[] {values[i]};
    }
    return png(GREY, depth, samples, null);
  }

  /** One row of indices. */
  public static byte[] palette(int depth, byte[] colours, int... indices) {
    int[][][] samples = new int[1][indices.length][];
    for (int i = 0; i < indices.length; i++) {
      samples[0][i] = new int[] {indices[i]};
    }
    return png(PALETTE, depth, samples, colours);
  }

  /** One row of pixels of several samples. */
  public static byte[] pixels(int kind, int depth, int[]... pixels) {
    return png(kind, depth, new int[][][] {pixels}, null);
  }

  /** Height x width of one value in 8 bits. */
  public static byte[] plain(int height, int width, int value) {
    int[][][] samples = new int[height][width][];
    for (int[][] row : samples) {
      java.util.Arrays.fill(row, new int[] {value});
    }
    return png(GREY, 8, samples, null);
  }

  /**
   * @param samples height x width x channels
   */
  public static byte[] png(int kind, int depth, int[][][] samples, byte[] colours) {
    TinyPng png = new TinyPng().header(samples.length, samples[0].length, depth, kind, 0);
    if (colours != null) {
      png.chunk("PLTE", colours);
    }
    return png.data(TinyPng.rows(samples, depth, false)).end();
  }

  static MaskRules rules(String... assignments) {
    return MaskRulesReader.read(
        new Configuration(),
        TestSettings.of(assignments).source(),
        Optional.of(new Path("file:/nowhere")),
        List.of());
  }
}
