// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.Optional;
import org.bellows.data.border.BorderWeights;
import org.bellows.data.shard.DatasetReader;

/**
 * The kind of targets of the samples.
 *
 * @param classes of the dataset: of samples, or of pixels
 * @param kind what has a class
 * @param borders weights of pixels between objects, where they are wanted
 */
public record TargetSpec(int classes, Kind kind, Optional<BorderWeights> borders) {
  /** What has a class. */
  public enum Kind {
    /** Each sample has one. */
    SAMPLES,
    /** Each sample has any number of them. */
    LABELS,
    /** Each pixel has one. */
    PIXELS
  }

  /**
   * @param classes of samples in the dataset
   */
  public static TargetSpec samples(int classes) {
    return new TargetSpec(classes, Kind.SAMPLES, Optional.empty());
  }

  /**
   * @param classes in the dataset, of which each sample has any number
   */
  public static TargetSpec labels(int classes) {
    return new TargetSpec(classes, Kind.LABELS, Optional.empty());
  }

  /**
   * @param classes of pixels in the dataset
   */
  public static TargetSpec pixels(int classes) {
    return new TargetSpec(classes, Kind.PIXELS, Optional.empty());
  }

  /** Those of the samples of a dataset. */
  public static TargetSpec of(DatasetReader dataset) {
    return dataset.isMultiLabel() ? labels(dataset.classes()) : samples(dataset.classes());
  }

  public boolean ofPixels() {
    return kind == Kind.PIXELS;
  }

  public boolean ofLabels() {
    return kind == Kind.LABELS;
  }
}
