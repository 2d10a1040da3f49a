// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.place;

import org.bellows.data.decode.OpenCv.Region;

/**
 * Where a picture goes: cut out {@code region}, bring it to {@code scaledHeight x scaledWidth},
 * look at it through a window of the network's size whose upper left corner is at ({@code top},
 * {@code left}) of the scaled picture (outside of it there are zeros), and mirror that left-right
 * if {@code mirrored}.
 *
 * @param interpolation how the region is brought to its size
 */
public record Placement(
    Region region,
    int scaledHeight,
    int scaledWidth,
    int top,
    int left,
    boolean mirrored,
    Interpolation interpolation) {
  /** With bilinear interpolation. */
  public Placement(
      Region region, int scaledHeight, int scaledWidth, int top, int left, boolean mirrored) {
    this(region, scaledHeight, scaledWidth, top, left, mirrored, Interpolation.BILINEAR);
  }

  /** The whole picture, stretched. */
  public static Placement stretched(int height, int width, int scaledHeight, int scaledWidth) {
    return new Placement(new Region(0, 0, height, width), scaledHeight, scaledWidth, 0, 0, false);
  }

  public Placement at(int newTop, int newLeft) {
    return new Placement(
        region, scaledHeight, scaledWidth, newTop, newLeft, mirrored, interpolation);
  }

  public Placement mirrored(boolean isMirrored) {
    return new Placement(region, scaledHeight, scaledWidth, top, left, isMirrored, interpolation);
  }

  /** The same part of the network's input from another region. */
  public Placement from(Region other) {
    return new Placement(other, scaledHeight, scaledWidth, top, left, mirrored, interpolation);
  }

  /** The same, resized in another way. */
  public Placement by(Interpolation other) {
    return new Placement(region, scaledHeight, scaledWidth, top, left, mirrored, other);
  }
}
