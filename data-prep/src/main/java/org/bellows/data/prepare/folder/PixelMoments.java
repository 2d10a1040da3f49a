// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.folder;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bellows.data.decode.image.RasterImage;

/**
 * Sums over images of each image's mean and mean square, by channel, of pixels in 0..1. Sums inside
 * an image are whole numbers, so exact; across images they are added in shard order, so always the
 * same.
 */
public final class PixelMoments {
  private static final double WHITE = 255;

  private final double[] means;
  private final double[] squares;
  private long images;

  public PixelMoments(int channels) {
    means = new double[channels];
    squares = new double[channels];
  }

  /** The value that {@link #state()} returned. */
  public PixelMoments(State state) {
    means = state.means().stream().mapToDouble(Double::doubleValue).toArray();
    squares = state.squares().stream().mapToDouble(Double::doubleValue).toArray();
    images = state.images();
  }

  /** The sums, to be kept in a file: a double comes back from JSON as it was. */
  record State(List<Double> means, List<Double> squares, long images) implements Serializable {
    boolean lacksNothing() {
      return means != null
          && squares != null
          && !means.isEmpty()
          && means.size() == squares.size()
          && Stream.concat(means.stream(), squares.stream())
              .allMatch(sum -> sum != null && Double.isFinite(sum))
          && images > 0;
    }
  }

  public State state() {
    return new State(
        Arrays.stream(means).boxed().toList(), Arrays.stream(squares).boxed().toList(), images);
  }

  public void add(RasterImage pixels) {
    byte[] values = pixels.interleaved();
    int channels = means.length;
    double count = (double) pixels.height() * pixels.width();
    for (int channel = 0; channel < channels; channel++) {
      long sum = 0;
      long square = 0;
      for (int i = channel; i < values.length; i += channels) {
        int value = values[i] & 0xFF;
        sum += value;
        square += (long) value * value;
      }
      means[channel] += sum / count / WHITE;
      squares[channel] += square / count / (WHITE * WHITE);
    }
    images++;
  }

  public void add(PixelMoments other) {
    for (int channel = 0; channel < means.length; channel++) {
      means[channel] += other.means[channel];
      squares[channel] += other.squares[channel];
    }
    images += other.images;
  }

  Double[] mean() {
    Double[] result = new Double[means.length];
    for (int channel = 0; channel < means.length; channel++) {
      result[channel] = means[channel] / images;
    }
    return result;
  }

  Double[] standardDeviation() {
    Double[] result = new Double[means.length];
    for (int channel = 0; channel < means.length; channel++) {
      double mean = means[channel] / images;
      result[channel] = Math.sqrt(Math.max(0, squares[channel] / images - mean * mean));
    }
    return result;
  }
}
