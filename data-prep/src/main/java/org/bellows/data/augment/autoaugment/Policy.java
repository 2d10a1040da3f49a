// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.autoaugment;

import java.util.List;

/**
 * A learned policy.
 *
 * @param translation the greatest translation, as a share of the side
 */
public record Policy(double translation, List<SubPolicy> subPolicies) {
  public Policy {
    subPolicies = List.copyOf(subPolicies);
  }

  /** Two steps, one after the other. */
  public record SubPolicy(Step first, Step second) {}

  /**
   * @param probability that the operation is carried out, 0..1
   * @param magnitude 0..9, see {@link Magnitude}; 0 where the operation has none
   */
  public record Step(Operation operation, double probability, int magnitude) {}
}
