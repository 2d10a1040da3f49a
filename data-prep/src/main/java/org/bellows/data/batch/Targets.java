package org.bellows.data.batch;

/**
 * What the n samples of a batch are to be taken for. Whoever uses targets says what it does with
 * each kind in {@link #match}: a new kind is a method of {@link Cases}, and the compiler names all
 * these places.
 */
public sealed interface Targets permits ClassTargets {
  /** n. */
  int samples();

  <R> R match(Cases<R> cases);

  /**
   * One method a kind.
   *
   * @param <R> what is made of the targets
   */
  interface Cases<R> {
    /** A class a sample. */
    R classes(ClassTargets targets);
  }
}
