// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.tune;

import java.util.Arrays;
import org.bellows.models.network.FlatLayout;

/**
 * How each parameter array learns in one phase.
 *
 * @param layout in which what does not learn is marked as frozen
 * @param lrMultipliers by array of the layout: what the schedule's rate is multiplied with
 * @param firstSteps by array of the layout: the update that it begins to learn with, from 0.
 *     Optimizers that correct for their number of updates count from there
 */
public record ParameterGroups(FlatLayout layout, double[] lrMultipliers, long[] firstSteps) {

  /** All learn from the start, with the same rate. */
  public static ParameterGroups alike(FlatLayout layout) {
    int arrays = layout.segments().size();
    double[] factors = new double[arrays];
    Arrays.fill(factors, 1);
    return new ParameterGroups(layout, factors, new long[arrays]);
  }
}
