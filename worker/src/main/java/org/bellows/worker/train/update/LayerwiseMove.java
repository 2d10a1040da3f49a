// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train.update;

import java.util.List;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.models.optimizer.Lamb;
import org.bellows.worker.collective.reduce.OwnedParts;
import org.bellows.worker.collective.reduce.OwnedParts.OwnedPart;
import org.bellows.worker.tune.ParameterGroups;

/** The second part of an update whose optimizer gives a direction ({@link Lamb}). */
final class LayerwiseMove {
  private LayerwiseMove() {}

  /**
   * Moves each array by its direction, weights scaled by their trust ratio.
   *
   * @param vector flat vector; what is owned of it is overwritten
   * @param directions of the owned elements, with weight decay [owned length]
   * @param squares norms of parameters and directions
   */
  static void inPlace(
      float[] vector,
      float[] directions,
      OwnedParts owned,
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
        for (OwnedPart part : owned.within(slot.offset(), slot.end())) {
          for (int i = part.from(); i < part.to(); i++) {
            vector[i] -= rate * directions[i - part.shift()];
          }
        }
      }
    }
  }
}
