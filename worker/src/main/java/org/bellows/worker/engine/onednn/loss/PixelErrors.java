// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.loss;

import java.nio.FloatBuffer;
import org.bellows.models.loss.PixelLoss;

/**
 * From the probabilities of pictures' pixels to the errors of their logits, in place. A few pixels
 * at a time are copied to Java, whose loops over arrays use vector registers; they stay in a cache
 * until all is done with them.
 */
public final class PixelErrors {
  /** Floats of the map that are worked on at once. */
  private static final int MOST_FLOATS = 1 << 15;

  private final PixelLoss loss;
  private final Shape shape;

  /** Where each class of the first pixel is in a picture. */
  private final int[] classAt;

  private final int atOnce;
  private final float[] losses;
  private final float[] slopes;
  private final float[] block;
  private final float[] factors;

  /** A whole picture, where regions are compared. */
  private final float[] regions;

  /**
   * How a picture lies in memory: pieces [pixels, inner], one after the other, which have {@code
   * inner} classes each. Of the last piece the end may be zeros.
   *
   * @param inner 1: row-major
   */
  public record Shape(int classes, int pixels, int inner) {
    private int pieces() {
      return (classes + inner - 1) / inner;
    }

    /** Floats of a picture, zeros included. */
    public int length() {
      return Math.multiplyExact(Math.multiplyExact(pieces(), pixels), inner);
    }

    private int at(int piece, int pixel) {
      return (piece * pixels + pixel) * inner;
    }
  }

  public PixelErrors(PixelLoss loss, Shape shape) {
    this.loss = loss;
    this.shape = shape;
    int channels = shape.pieces() * shape.inner();
    this.atOnce = Math.max(1, Math.min(shape.pixels(), MOST_FLOATS / channels));
    this.classAt = new int[shape.classes()];
    for (int c = 0; c < classAt.length; c++) {
      classAt[c] = shape.at(c / shape.inner(), 0) + c % shape.inner();
    }
    this.losses = new float[shape.pixels()];
    this.slopes = new float[shape.pixels()];
    this.block = new float[atOnce * shape.inner()];
    this.factors = new float[atOnce * shape.inner()];
    this.regions = new float[loss.comparesRegions() ? shape.length() : 0];
  }

  public Shape shape() {
    return shape;
  }

  /**
   * @param map probabilities; become the errors of the logits
   * @param picture which one
   * @param targets its labels and weights from index {@code from} on
   * @return loss of the picture
   */
  public double compute(FloatBuffer map, int picture, float[] targets, int from) {
    return loss.comparesRegions()
        ? ofRegions(map, picture, targets, from)
        : ofPixels(map, picture * shape.length(), targets, from);
  }

  private double ofPixels(FloatBuffer map, int start, float[] targets, int from) {
    boolean isLater = loss.comparesPixels();
    int valid = 0;
    for (int first = 0; first < shape.pixels(); first += atOnce) {
      int end = Math.min(shape.pixels(), first + atOnce);
      for (int i = first; i < end; i++) {
        losses[i] = map.get(start + classAt[(int) targets[from + i]] + i * shape.inner());
      }
      valid += loss.weighInPlace(losses, slopes, targets, from, first, end);
      if (!isLater) {
        toErrors(map, start, targets, from, first, end);
      }
    }
    double sum = loss.sumInPlace(losses, slopes, valid);
    if (isLater) {
      for (int first = 0; first < shape.pixels(); first += atOnce) {
        int end = Math.min(shape.pixels(), first + atOnce);
        toErrors(map, start, targets, from, first, end);
      }
    }
    return sum;
  }

  /** p becomes slope * (p - [class = label]). */
  private void toErrors(FloatBuffer map, int start, float[] targets, int from, int first, int end) {
    int inner = shape.inner();
    int length = (end - first) * inner;
    for (int i = first, to = 0; i < end; i++) {
      float slope = slopes[i];
      for (int last = to + inner; to < last; to++) {
        factors[to] = slope;
      }
    }
    for (int piece = 0; piece < shape.pieces(); piece++) {
      int at = start + shape.at(piece, first);
      map.get(at, block, 0, length);
      for (int i = 0; i < length; i++) {
        block[i] *= factors[i];
      }
      map.put(at, block, 0, length);
    }
    for (int i = first; i < end; i++) {
      int at = start + classAt[(int) targets[from + i]] + i * inner;
      map.put(at, map.get(at) - slopes[i]);
    }
  }

  /** Regions are sums over all pixels. */
  private double ofRegions(FloatBuffer map, int picture, float[] targets, int from) {
    if (shape.inner() != 1) {
      throw new IllegalStateException("regions are compared row-major, not " + shape);
    }
    map.get(picture * regions.length, regions);
    double sum = loss.probabilitiesToGradientInPlace(regions, shape.classes(), targets, from);
    map.put(picture * regions.length, regions);
    return sum;
  }
}
