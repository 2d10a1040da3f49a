// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.Optional;
import java.util.function.Function;

/**
 * Each pixel is of one class, or of none that is known.
 *
 * @param labels n x height x width, row-major, bytes from 0 to 255: indices into the manifest's
 *     pixel classes, or {@link org.bellows.data.manifest.PixelClass#VOID}
 * @param classes of pixels in the dataset
 * @param borders n x height x width, what is added to each pixel's weight ({@link
 *     org.bellows.data.border.BorderWeights}); empty: nothing
 */
public record PixelTargets(
    byte[] labels, int height, int width, int classes, Optional<float[]> borders)
    implements Targets {

  /** Without weights of borders. */
  public PixelTargets(byte[] labels, int height, int width, int classes) {
    this(labels, height, width, classes, Optional.empty());
  }

  @Override
  public int samples() {
    return labels.length / (height * width);
  }

  @Override
  public <R> R match(
      Function<ClassTargets, R> ofClasses,
      Function<MultiLabelTargets, R> ofLabels,
      Function<PixelTargets, R> ofPixels) {
    return ofPixels.apply(this);
  }
}
