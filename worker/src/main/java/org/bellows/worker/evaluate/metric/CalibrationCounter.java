// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Counts answers by their confidence. Confidences are added as whole numbers of 2^-32, so that the
 * sums are the same in any order. Not thread-safe.
 */
final class CalibrationCounter implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final double UNITS = 1L << 32;

  private final long[] samples = new long[Calibration.BINS];
  private final long[] right = new long[Calibration.BINS];
  private final long[] confidences = new long[Calibration.BINS];

  /** An answer without a confidence is left out. */
  void add(ClassAnswer answer) {
    if (Double.isNaN(answer.confidence())) {
      return;
    }
    int bin = (int) Math.ceil(answer.confidence() * Calibration.BINS) - 1;
    bin = Math.max(0, Math.min(Calibration.BINS - 1, bin));
    samples[bin]++;
    right[bin] += answer.isRight() ? 1 : 0;
    confidences[bin] += Math.round(answer.confidence() * UNITS);
  }

  void add(CalibrationCounter other) {
    for (int bin = 0; bin < Calibration.BINS; bin++) {
      samples[bin] += other.samples[bin];
      right[bin] += other.right[bin];
      confidences[bin] += other.confidences[bin];
    }
  }

  /** Empty where no answer has a confidence. */
  Optional<Calibration> calibration() {
    List<Calibration.Bin> bins = new ArrayList<>();
    for (int bin = 0; bin < Calibration.BINS; bin++) {
      bins.add(new Calibration.Bin(samples[bin], right[bin], confidences[bin] / UNITS));
    }
    Calibration calibration = new Calibration(bins);
    return calibration.samples() == 0 ? Optional.empty() : Optional.of(calibration);
  }
}
