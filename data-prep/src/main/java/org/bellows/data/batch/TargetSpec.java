// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.Optional;
import org.bellows.data.border.BorderWeights;

/**
 * The kind of targets of the samples.
 *
 * @param classes of the dataset: of samples, or of pixels
 * @param ofPixels whether each pixel has a class, else each sample
 * @param borders weights of pixels between objects, where they are wanted
 */
public record TargetSpec(int classes, boolean ofPixels, Optional<BorderWeights> borders) {
  /**
   * @param classes of samples in the dataset
   */
  public static TargetSpec samples(int classes) {
    return new TargetSpec(classes, false, Optional.empty());
  }

  /**
   * @param classes of pixels in the dataset
   */
  public static TargetSpec pixels(int classes) {
    return new TargetSpec(classes, true, Optional.empty());
  }
}
