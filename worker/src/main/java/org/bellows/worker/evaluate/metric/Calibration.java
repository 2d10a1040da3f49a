// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.List;

/**
 * Whether answers are right as often as their probabilities say (Guo, Pleiss, Sun, Weinberger, "On
 * Calibration of Modern Neural Networks", 2017, section 2). An answer's confidence is the
 * probability of the predicted class; it counts in bin m of M = {@value #BINS} if its confidence is
 * in ((m - 1) / M, m / M].
 *
 * <pre>
 * paper       here
 * |B_m|       samples
 * acc(B_m)    accuracy = right / samples
 * conf(B_m)   confidence = mean of the bin's confidences
 * ECE         expectedCalibrationError = sum of |B_m| / n * |acc(B_m) - conf(B_m)|
 * </pre>
 *
 * @param bins from the lowest confidence to the highest
 */
@JsonIgnoreProperties(
    value = {"expectedCalibrationError"},
    allowGetters = true)
public record Calibration(List<Bin> bins) implements Serializable {
  /** As in the paper's experiments. */
  public static final int BINS = 15;

  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * The answers of similar confidence.
   *
   * @param samples answers
   * @param right how many of them are
   * @param confidenceSum of their confidences
   */
  public record Bin(long samples, long right, double confidenceSum) implements Serializable {
    /** NaN without samples. */
    @JsonIgnore
    public double accuracy() {
      return (double) right / samples;
    }

    /** NaN without samples. */
    @JsonIgnore
    public double confidence() {
      return confidenceSum / samples;
    }
  }

  /** Answers that have a confidence. */
  @JsonIgnore
  public long samples() {
    return bins.stream().mapToLong(Bin::samples).sum();
  }

  /** 0 to 1; 0 is best. */
  @JsonProperty
  public double expectedCalibrationError() {
    double sum = 0;
    for (Bin bin : bins) {
      sum += Math.abs(bin.right() - bin.confidenceSum());
    }
    return sum / samples();
  }
}
