// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.statistics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.LabelPixels;

/** Which labels the label maps of some samples hold. Not thread-safe. */
public final class MaskLabelHistogram implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int LABELS = 256;

  private final long[] pixelsOfLabel = new long[LABELS];
  private final long[] samplesOfLabel = new long[LABELS];
  private final long[] pixelsOfSamples = new long[LABELS];
  private long samples;

  /**
   * One label that occurs.
   *
   * @param label 0..255
   * @param share of the pixels of all label maps, above 0, at most 1
   * @param samples whose label map has it
   */
  public record Label(int label, double share, long samples) {}

  /**
   * @param mask height x width x 1
   */
  public void add(RasterImage mask) {
    long[] pixels = new long[LABELS];
    for (byte label : mask.interleaved()) {
      pixels[label & 0xFF]++;
    }
    for (int label = 0; label < LABELS; label++) {
      pixelsOfLabel[label] += pixels[label];
      if (pixels[label] > 0) {
        samplesOfLabel[label]++;
        pixelsOfSamples[label] += mask.interleaved().length;
      }
    }
    samples++;
  }

  void add(MaskLabelHistogram other) {
    for (int label = 0; label < LABELS; label++) {
      pixelsOfLabel[label] += other.pixelsOfLabel[label];
      samplesOfLabel[label] += other.samplesOfLabel[label];
      pixelsOfSamples[label] += other.pixelsOfSamples[label];
    }
    samples += other.samples;
  }

  /** Counts of label maps that were tallied elsewhere; how many these were is not known then. */
  public void addAll(List<LabelPixels> labels) {
    for (LabelPixels label : labels) {
      pixelsOfLabel[label.label()] += label.pixels();
      samplesOfLabel[label.label()] += label.pictures();
      pixelsOfSamples[label.label()] += label.pixelsOfPictures();
    }
  }

  /** Those that occur, by rising label. */
  public List<LabelPixels> labelPixels() {
    List<LabelPixels> labels = new ArrayList<>();
    for (int label = 0; label < LABELS; label++) {
      if (pixelsOfLabel[label] > 0) {
        labels.add(
            new LabelPixels(
                label, pixelsOfLabel[label], samplesOfLabel[label], pixelsOfSamples[label]));
      }
    }
    return labels;
  }

  /** That have a label map which can be decoded. */
  public long samples() {
    return samples;
  }

  /** Those that occur, in their order. */
  public List<Label> labels() {
    long pixels = 0;
    for (long ofLabel : pixelsOfLabel) {
      pixels += ofLabel;
    }
    List<Label> labels = new ArrayList<>();
    for (int label = 0; label < LABELS; label++) {
      if (pixelsOfLabel[label] > 0) {
        double share = (double) pixelsOfLabel[label] / pixels;
        labels.add(new Label(label, share, samplesOfLabel[label]));
      }
    }
    return labels;
  }
}
