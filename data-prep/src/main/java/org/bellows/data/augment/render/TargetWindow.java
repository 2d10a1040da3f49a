// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.render;

import java.util.List;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.decode.image.RasterImage;

/**
 * The network's window of height x width pixels, and what a placement puts into it.
 *
 * @param height of the network's input
 * @param width of the network's input
 * @param fill 0..255, of what lies outside of a scaled picture: a value a channel; the last one
 *     holds for further channels
 */
public record TargetWindow(int height, int width, List<Integer> fill) {
  public TargetWindow {
    fill = List.copyOf(fill);
  }

  /** With black around pictures. */
  public TargetWindow(int height, int width) {
    this(height, width, List.of(0));
  }

  /** Values of a channel of the picture. */
  int fill(int channel) {
    return fill.get(Math.min(channel, fill.size() - 1));
  }

  /**
   * Cuts out the placement's region, scales it, and takes the window's part of it.
   *
   * @param placement made for the picture's height and width
   * @return height x width of the window; channels as given
   */
  public RasterImage draw(RasterImage picture, Placement placement) {
    return cut(scaled(picture, placement), placement);
  }

  private static RasterImage scaled(RasterImage picture, Placement placement) {
    Region region = placement.region();
    boolean isWhole = region.height() == picture.height() && region.width() == picture.width();
    boolean isSameSize =
        region.height() == placement.scaledHeight() && region.width() == placement.scaledWidth();
    if (isWhole && isSameSize) {
      return picture;
    }
    return switch (placement.interpolation()) {
      case BILINEAR ->
          OpenCv.resize(picture, region, placement.scaledHeight(), placement.scaledWidth());
      case BICUBIC ->
          BicubicResize.resize(picture, region, placement.scaledHeight(), placement.scaledWidth());
    };
  }

  /**
   * @param scaled the placement's region, as large as the placement says
   * @return height x width of the window; outside of the scaled picture the fill
   */
  RasterImage cut(RasterImage scaled, Placement placement) {
    boolean isWhole =
        scaled.height() == height
            && scaled.width() == width
            && placement.top() == 0
            && placement.left() == 0;
    if (isWhole && !placement.mirrored()) {
      return scaled;
    }
    RasterImage window =
        new RasterImage(
            height, width, scaled.channels(), new byte[height * width * scaled.channels()]);
    fill(window);
    int firstRow = Math.max(0, -placement.top());
    int endRow = Math.min(height, scaled.height() - placement.top());
    for (int row = firstRow; row < endRow; row++) {
      copyRow(scaled, placement, row, window.interleaved());
    }
    return window;
  }

  /** The part of the scaled picture in this row of the window; the rest stays as it is. */
  private void copyRow(RasterImage scaled, Placement placement, int row, byte[] to) {
    int channels = scaled.channels();
    byte[] from = scaled.interleaved();
    int source = ((row + placement.top()) * scaled.width() + placement.left()) * channels;
    int target = row * width * channels;
    int first = Math.max(0, -placement.left());
    int end = Math.min(width, scaled.width() - placement.left());
    if (first >= end) {
      return;
    }
    if (!placement.mirrored()) {
      System.arraycopy(
          from, source + first * channels, to, target + first * channels, (end - first) * channels);
      return;
    }
    for (int column = first; column < end; column++) {
      int at = target + (width - 1 - column) * channels;
      for (int channel = 0; channel < channels; channel++) {
        to[at + channel] = from[source + column * channels + channel];
      }
    }
  }

  private void fill(RasterImage window) {
    if (fill.stream().allMatch(value -> value == 0)) {
      return;
    }
    byte[] values = window.interleaved();
    int channels = window.channels();
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) fill(i % channels);
    }
  }
}
