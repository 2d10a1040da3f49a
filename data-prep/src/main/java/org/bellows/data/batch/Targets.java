// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.function.Function;

/**
 * The targets of the n samples of a batch. Each user of targets handles every kind in {@link
 * #match}: a new kind is one more function there, and the compiler names all these places.
 */
public sealed interface Targets permits ClassTargets, MultiLabelTargets, PixelTargets {
  /** n. */
  int samples();

  /**
   * @param ofClasses where each sample has a class
   * @param ofLabels where each sample has any number of classes
   * @param ofPixels where each pixel has a class
   * @param <R> the result for the targets
   */
  <R> R match(
      Function<ClassTargets, R> ofClasses,
      Function<MultiLabelTargets, R> ofLabels,
      Function<PixelTargets, R> ofPixels);

  /**
   * @throws IllegalStateException when they are of another kind
   */
  default ClassTargets ofClasses() {
    return match(
        classes -> classes,
        labels -> {
          throw unexpected("a class of each sample", "any number of classes");
        },
        pixels -> {
          throw unexpected("a class of each sample", "of each pixel");
        });
  }

  /**
   * @throws IllegalStateException when they are of another kind
   */
  default MultiLabelTargets ofLabels() {
    return match(
        classes -> {
          throw unexpected("any number of classes of each sample", "one class");
        },
        labels -> labels,
        pixels -> {
          throw unexpected("any number of classes of each sample", "a class of each pixel");
        });
  }

  /**
   * @throws IllegalStateException when they are of another kind
   */
  default PixelTargets ofPixels() {
    return match(
        classes -> {
          throw unexpected("a class of each pixel", "of each sample");
        },
        labels -> {
          throw unexpected("a class of each pixel", "any number of classes of each sample");
        },
        pixels -> pixels);
  }

  private static IllegalStateException unexpected(String expected, String actual) {
    return new IllegalStateException("expected %s, actual %s".formatted(expected, actual));
  }
}
