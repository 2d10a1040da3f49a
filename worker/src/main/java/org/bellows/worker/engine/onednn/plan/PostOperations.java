// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

/**
 * The operations that a primitive applies to its result before it writes it.
 *
 * @param sum adds what stands where the result goes
 * @param activation of that
 */
public record PostOperations(boolean sum, ActivationFunction activation) {
  public static final PostOperations NONE = new PostOperations(false, ActivationFunction.IDENTITY);
}
