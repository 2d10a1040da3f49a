// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

/** The shape of what a layer gives of one sample. */
public sealed interface LayerShape {

  /** Values of one sample. */
  long elements();

  /** Channels of a map; each value of a vector is a channel of its own. */
  int channels();

  /** The dimensions of n samples' array, n first. */
  long[] batch(long n);

  /** A map. */
  record FeatureMap(int channels, int height, int width) implements LayerShape {
    @Override
    public long elements() {
      return (long) channels * height * width;
    }

    @Override
    public long[] batch(long n) {
      return new long[] {n, channels, height, width};
    }

    @Override
    public String toString() {
      return channels + "x" + height + "x" + width;
    }
  }

  /** A vector. */
  record FeatureVector(int length) implements LayerShape {
    @Override
    public long elements() {
      return length;
    }

    @Override
    public int channels() {
      return length;
    }

    @Override
    public long[] batch(long n) {
      return new long[] {n, length};
    }

    @Override
    public String toString() {
      return Integer.toString(length);
    }
  }

  /**
   * @throws IllegalArgumentException when it is a vector
   */
  default FeatureMap asMap() {
    if (this instanceof FeatureMap map) {
      return map;
    }
    throw new IllegalArgumentException(
        "expected a map of channels x height x width, actual a vector of %d values"
            .formatted(elements()));
  }
}
