package org.bellows.worker.engine;

/**
 * What a primitive does with its result before it writes it.
 *
 * @param sum adds what stands where the result goes
 * @param activation of that
 */
record PostOperations(boolean sum, Function activation) {
  static final PostOperations NONE = new PostOperations(false, Function.IDENTITY);
}
