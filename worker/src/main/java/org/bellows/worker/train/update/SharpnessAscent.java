// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train.update;

import java.util.List;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.worker.collective.reduce.OwnedParts;
import org.bellows.worker.collective.reduce.OwnedParts.OwnedPart;
import org.bellows.worker.collective.reduce.ShardedVector;

/**
 * The first half of a step of sharpness-aware minimisation: Foret, Kleiner, Mobahi, Neyshabur 2021,
 * "Sharpness-Aware Minimization for Efficiently Improving Generalization", Algorithm 1 with p = 2.
 *
 * <pre>
 * paper        here
 * rho          radius
 * g            sum of the gradients of all lanes; only its direction counts
 * e(w)         radius * g / |g|
 * w + e(w)     {@link #parameters}, where the gradient of the update is taken
 * </pre>
 *
 * <p>|g| is over all trainable arrays, in the blocks of {@link ParameterNorms}, so that no bit
 * depends on the number of ranks. Loss and moments of BatchNorm are those of the first gradient, at
 * w. Deviation: the authors' batch is that of one accelerator; here it is the global batch.
 */
public final class SharpnessAscent {
  private final double radius;
  private final ShardedVector sharded;
  private final ParameterNorms norms;
  private final OwnedParts owned;
  private final float[] parameters;

  /** The sums at w of what is owned. */
  private final float[] first;

  /**
   * @param radius more than 0
   * @param length floats of the vector
   */
  public SharpnessAscent(double radius, int length, ShardedVector sharded, ParameterNorms norms) {
    this.radius = radius;
    this.sharded = sharded;
    this.norms = norms;
    this.owned = sharded.owned();
    this.parameters = new float[length];
    this.first = new float[owned.length()];
  }

  /**
   * All ranks call it.
   *
   * @param layout with what does not learn marked as frozen
   * @param vector the parameters, left as they are
   * @param sums over all lanes of what is owned, kept for {@link #restoreInPlace}
   * @return the moved parameters, the same on all ranks; valid until the next call
   */
  public float[] moved(String what, FlatLayout layout, float[] vector, float[] sums) {
    System.arraycopy(sums, 0, first, 0, first.length);
    System.arraycopy(vector, 0, parameters, 0, parameters.length);
    List<ParameterSlot> arrays = layout.segments();
    ParameterNorms.Squares squares = norms.of(what, arrays.size(), vector, sums);
    double square = 0;
    for (int array = 0; array < arrays.size(); array++) {
      square += arrays.get(array).kind().isTrainable() ? squares.gradients()[array] : 0;
    }
    float factor =
        radius / Math.sqrt(square) > Float.MAX_VALUE ? 0 : (float) (radius / Math.sqrt(square));
    for (ParameterSlot slot : arrays) {
      if (slot.kind().isTrainable()) {
        for (OwnedPart part : owned.within(slot.offset(), slot.end())) {
          for (int i = part.from(); i < part.to(); i++) {
            parameters[i] += factor * sums[i - part.shift()];
          }
        }
      }
    }
    sharded.allGatherInPlace("moved parameters of " + what, parameters);
    return parameters;
  }

  /**
   * Puts what is no gradient back to what it was at w.
   *
   * @param sums of the second gradient, of what is owned
   */
  public void restoreInPlace(FlatLayout layout, float[] sums) {
    for (ParameterSlot slot : layout.segments()) {
      if (!slot.kind().isTrainable()) {
        restoreInPlace(slot.offset(), slot.end(), sums);
      }
    }
    restoreInPlace(layout.length(), parameters.length, sums);
  }

  private void restoreInPlace(int from, int to, float[] sums) {
    for (OwnedPart part : owned.within(from, to)) {
      System.arraycopy(first, part.at(), sums, part.at(), part.length());
    }
  }
}
