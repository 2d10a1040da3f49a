// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.render;

import org.bellows.data.augment.place.Placement;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;

/**
 * Where the region is at least 2, 4 or 8 times as large as what it is scaled to, in both
 * directions, a JPEG is decoded at 1/2, 1/4 or 1/8 of its size. libjpeg then averages in the
 * frequency domain, several times faster than decoding in full; the region's edges move by less
 * than one pixel of the scaled picture. It is a function of sizes alone, so a run stays
 * reproducible.
 */
public final class DecodeReduction {
  private static final int MOST_REDUCTION = 8;

  private DecodeReduction() {}

  /** 1, 2, 4 or 8: what the sides of the sample are divided by while it is decoded. */
  static int of(EncodedSample sample, Placement placement) {
    return sample.encoding() == Encoding.JPEG ? of(placement) : 1;
  }

  /** The largest power of two by which both sides of the region shrink at least. */
  public static int of(Placement placement) {
    int reduction = 1;
    while (reduction < MOST_REDUCTION
        && placement.region().height() >= 2L * reduction * placement.scaledHeight()
        && placement.region().width() >= 2L * reduction * placement.scaledWidth()) {
      reduction *= 2;
    }
    return reduction;
  }

  /** The region in the coordinates of a picture that was decoded smaller than its header says. */
  static Placement reduced(
      Placement placement, EncodedSample sample, int decodedHeight, int decodedWidth) {
    if (decodedHeight == sample.height() && decodedWidth == sample.width()) {
      return placement;
    }
    Region region = placement.region();
    double vertical = (double) decodedHeight / sample.height();
    double horizontal = (double) decodedWidth / sample.width();
    int top = (int) Math.round(region.top() * vertical);
    int left = (int) Math.round(region.left() * horizontal);
    int bottom = (int) Math.round((region.top() + region.height()) * vertical);
    int right = (int) Math.round((region.left() + region.width()) * horizontal);
    top = Math.min(top, decodedHeight - 1);
    left = Math.min(left, decodedWidth - 1);
    Region smaller = new Region(top, left, Math.max(1, bottom - top), Math.max(1, right - left));
    return placement.from(smaller);
  }
}
