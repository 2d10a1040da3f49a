// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

/**
 * The kind of targets of the samples.
 *
 * @param classes of the dataset: of samples, or of pixels
 * @param ofPixels whether each pixel has a class, else each sample
 */
public record TargetSpec(int classes, boolean ofPixels) {
  /**
   * @param classes of samples in the dataset
   */
  public static TargetSpec samples(int classes) {
    return new TargetSpec(classes, false);
  }

  /**
   * @param classes of pixels in the dataset
   */
  public static TargetSpec pixels(int classes) {
    return new TargetSpec(classes, true);
  }
}
