// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

/**
 * The targets of the n samples of a batch. Each user of targets handles every kind in {@link
 * #match}: a new kind is a method of {@link Cases}, and the compiler names all these places.
 */
public sealed interface Targets permits ClassTargets {
  /** n. */
  int samples();

  <R> R match(Cases<R> cases);

  /**
   * One method a kind.
   *
   * @param <R> the result for the targets
   */
  interface Cases<R> {
    /** A class a sample. */
    R classes(ClassTargets targets);
  }
}
