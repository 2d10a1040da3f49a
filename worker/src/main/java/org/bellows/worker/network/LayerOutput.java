// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

/**
 * The output of a layer for n images.
 *
 * @param shape [n, channels, height, width] of a map, [n, length] of a vector; not copied
 * @param values row-major; not copied
 */
public record LayerOutput(long[] shape, float[] values) {
  /** Values of one image. */
  public int length() {
    return Math.toIntExact(values.length / shape[0]);
  }

  /**
   * Maps become the mean of each channel over height and width, in double precision: [n, channels,
   * height, width] -> [n, channels]. Vectors stay as they are.
   */
  public LayerOutput averaged() {
    if (shape.length != 4) {
      return this;
    }
    int area = Math.toIntExact(shape[2] * shape[3]);
    float[] means = new float[values.length / area];
    for (int map = 0; map < means.length; map++) {
      double sum = 0;
      for (int at = map * area; at < (map + 1) * area; at++) {
        sum += values[at];
      }
      means[map] = (float) (sum / area);
    }
    return new LayerOutput(new long[] {shape[0], shape[1]}, means);
  }

  /** The mean of each image's views, in double precision: [n * views, ...] -> [n, ...]. */
  public LayerOutput meanOfViews(int views) {
    if (views == 1) {
      return this;
    }
    long[] smaller = shape.clone();
    smaller[0] /= views;
    int length = length();
    float[] means = new float[values.length / views];
    for (int at = 0; at < means.length; at++) {
      int first = at / length * views * length + at % length;
      double sum = 0;
      for (int view = 0; view < views; view++) {
        sum += values[first + view * length];
      }
      means[at] = (float) (sum / views);
    }
    return new LayerOutput(smaller, means);
  }
}
