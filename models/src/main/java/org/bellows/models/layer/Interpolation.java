// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

/** Where the values of a resized map come from. Pixel i of a side is at position i. */
public enum Interpolation {
  /**
   * Linear between the two nearest pixels. Pixel i of the new side is at (i + 1/2) * old / new -
   * 1/2 of the old one; positions outside take the pixel at the border. PyTorch's {@code
   * align_corners=False}.
   */
  BILINEAR("bilinear"),
  /**
   * As above, but the first and last pixels keep their places: i * (old - 1) / (new - 1). PyTorch's
   * {@code align_corners=True}, and what Caffe's Interp, TensorFlow's DeepLab and PSPNet take.
   */
  BILINEAR_ALIGNED("bilinear with aligned corners"),
  /** The pixel at floor(i * old / new): PyTorch's and OpenCV's. */
  NEAREST("nearest");

  private final String words;

  Interpolation(String words) {
    this.words = words;
  }

  /** The share that each old pixel has in each new one. */
  public SideMap resize(int from, int to) {
    return switch (this) {
      case BILINEAR -> SideMap.linear(from, to, i -> Math.max(0, (i + 0.5) * from / to - 0.5));
      case BILINEAR_ALIGNED ->
          SideMap.linear(from, to, i -> to == 1 ? 0 : (double) i * (from - 1) / (to - 1));
      case NEAREST ->
          SideMap.windows(from, to, i -> nearest(i, from, to), i -> nearest(i, from, to) + 1);
    };
  }

  private static int nearest(int i, int from, int to) {
    return Math.toIntExact((long) i * from / to);
  }

  @Override
  public String toString() {
    return words;
  }
}
