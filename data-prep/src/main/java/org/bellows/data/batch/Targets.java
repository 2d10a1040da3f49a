// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.function.Function;

/**
 * The targets of the n samples of a batch. Each user of targets handles every kind in {@link
 * #match}: a new kind is one more function there, and the compiler names all these places.
 */
public sealed interface Targets permits ClassTargets, PixelTargets {
  /** n. */
  int samples();

  /**
   * @param classes where each sample has a class
   * @param pixels where each pixel has a class
   * @param <R> the result for the targets
   */
  <R> R match(Function<ClassTargets, R> classes, Function<PixelTargets, R> pixels);

  /**
   * @throws IllegalStateException when they are of another kind
   */
  default ClassTargets ofClasses() {
    return match(
        classes -> classes,
        pixels -> {
          throw new IllegalStateException("expected a class of each sample, actual of each pixel");
        });
  }

  /**
   * @throws IllegalStateException when they are of another kind
   */
  default PixelTargets ofPixels() {
    return match(
        classes -> {
          throw new IllegalStateException("expected a class of each pixel, actual of each sample");
        },
        pixels -> pixels);
  }
}
