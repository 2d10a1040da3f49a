// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.statistics;

import java.util.Arrays;
import java.util.List;
import org.bellows.data.manifest.LabelPixels;
import org.bellows.data.manifest.PixelClass;

/**
 * How often pixels of each class are, and the weights that follow. Median frequency balancing as in
 * Eigen and Fergus 2015 (arXiv 1411.4734, section 6.3.2), which SegNet (Badrinarayanan et al. 2015)
 * trains with: a(c) = median of all freq / freq(c), where freq(c) = pixels of c / pixels of the
 * pictures that hold c. The median is over the classes that occur; of an even number it is the mean
 * of the two in the middle. Void pixels count among the pixels of a picture.
 *
 * @param frequencies freq of each class, 0..1; 0 where no pixel is of it
 */
public record PixelFrequencies(List<Double> frequencies) {
  public PixelFrequencies {
    frequencies = List.copyOf(frequencies);
  }

  /**
   * @param labels of a split, see {@link org.bellows.data.manifest.Split#labelPixels}
   * @param classes of the dataset's pixels
   */
  public static PixelFrequencies of(List<LabelPixels> labels, int classes) {
    Double[] frequencies = new Double[classes];
    Arrays.fill(frequencies, 0.0);
    for (LabelPixels label : labels) {
      if (label.label() != PixelClass.VOID) {
        frequencies[label.label()] = (double) label.pixels() / label.pixelsOfPictures();
      }
    }
    return new PixelFrequencies(List.of(frequencies));
  }

  /**
   * a(c) of each class; 0 for a class that does not occur.
   *
   * @throws IllegalStateException when no class occurs
   */
  public List<Double> medianFrequencyWeights() {
    double[] occurring =
        frequencies.stream().mapToDouble(Double::doubleValue).filter(f -> f > 0).sorted().toArray();
    if (occurring.length == 0) {
      throw new IllegalStateException("no pixel is of a class");
    }
    int middle = occurring.length / 2;
    double median =
        occurring.length % 2 == 1
            ? occurring[middle]
            : (occurring[middle - 1] + occurring[middle]) / 2;
    return frequencies.stream().map(f -> f == 0 ? 0 : median / f).toList();
  }
}
