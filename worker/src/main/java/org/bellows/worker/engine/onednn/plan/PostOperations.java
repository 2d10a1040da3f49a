package org.bellows.worker.engine.onednn.plan;

/**
 * What a primitive does with its result before it writes it.
 *
 * @param sum adds what stands where the result goes
 * @param activation of that
 */
public record PostOperations(boolean sum, ActivationFunction activation) {
  public static final PostOperations NONE = new PostOperations(false, ActivationFunction.IDENTITY);
}
