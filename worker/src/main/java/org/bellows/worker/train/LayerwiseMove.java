// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.List;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.models.optimizer.Lamb;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.tune.ParameterGroups;

/** The second part of an update whose optimizer gives a direction ({@link Lamb}). */
final class LayerwiseMove {
  private LayerwiseMove() {}

  /**
   * Moves each array by its direction, weights scaled by their trust ratio.
   *
   * @param vector flat vector; its owned slice is overwritten
   * @param directions of the owned slice, with weight decay [owned length]
   * @param squares norms of parameters and directions
   */
  static void inPlace(
      float[] vector,
      float[] directions,
      IndexRange owned,
      ParameterGroups groups,
      ParameterNorms.Squares squares,
      double learningRate) {
    List<ParameterSlot> arrays = groups.layout().segments();
    for (int array = 0; array < arrays.size(); array++) {
      ParameterSlot slot = arrays.get(array);
      if (slot.kind().isTrainable()) {
        double ratio =
            slot.kind() == ParameterKind.WEIGHT
                ? Lamb.trustRatio(
                    Math.sqrt(squares.parameters()[array]), Math.sqrt(squares.gradients()[array]))
                : 1;
        float rate = (float) (learningRate * groups.lrMultipliers()[array] * ratio);
        int end = Math.min(owned.to(), slot.end());
        for (int i = Math.max(owned.from(), slot.offset()); i < end; i++) {
          vector[i] -= rate * directions[i - owned.from()];
        }
      }
    }
  }
}
