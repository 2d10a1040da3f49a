// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.border;

import java.io.Serializable;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.RasterImage;

/**
 * What a pixel's weight in the loss gets added, so that a network learns the thin borders between
 * objects that touch (Ronneberger, Fischer, Brox, "U-Net", 2015, equation 2):
 *
 * <pre>
 * w0 * exp(-(d1 + d2)^2 / (2 sigma^2))
 *
 * w0      weight
 * sigma   sigmaPixels
 * d1, d2  distances to the borders of the nearest and of the second nearest object, in pixels
 * </pre>
 *
 * <p>A pixel of an object has distances, too: on its border d1 is 0. With fewer than two objects
 * there are no such weights. What is less than a millionth is 0, so that distances need be known in
 * a small part of the picture only.
 *
 * @param weight more than 0
 * @param sigmaPixels more than 0
 */
public record BorderWeights(double weight, double sigmaPixels) implements Serializable {
  private static final double LEAST = 1e-6;

  /**
   * @param map a label map with the numbers of objects, as it is after augmentation
   * @param out gets height x width weights from an index on
   */
  public void write(RasterImage map, float[] out, int from) {
    // Of the sum of distances at which the weight is the least.
    double square = 2 * sigmaPixels * sigmaPixels * Math.max(0, StrictMath.log(weight / LEAST));
    int reach = (int) Math.max(1, Math.min(Short.MAX_VALUE, Math.ceil(Math.sqrt(square))));
    int[] ids = LabelMaps.instances(map);
    NearestInstances nearest = new NearestInstances(ids, map.height(), map.width(), reach);
    for (int pixel = 0; pixel < ids.length; pixel++) {
      double sum = nearest.sum(pixel);
      out[from + pixel] =
          sum * sum > square
              ? 0
              : (float) (weight * StrictMath.exp(-sum * sum / (2 * sigmaPixels * sigmaPixels)));
    }
  }
}
