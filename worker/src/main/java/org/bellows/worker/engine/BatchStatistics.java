// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;

/**
 * BatchNorm's running statistics over lanes (Ioffe and Szegedy 2015, Algorithm 2).
 *
 * <p>Each lane normalises with the mean m_k and variance v_k of its own batch. The running
 * statistics are those of the global batch, so lanes contribute moments about the old running mean
 * r, which add up linearly in tree order:
 *
 * <pre>
 * d_k = m_k - r            in the place of the running mean
 * e_k = v_k + d_k^2        in the place of the running variance
 * mean     = r + avg(d)
 * variance = avg(e) - avg(d)^2     (law of total variance: between lanes counts, too)
 * running  = decay * running + (1 - decay) * (mean, variance)
 * </pre>
 *
 * <p>Deviation: the variance is the biased one, as DL4J computes it; the paper multiplies by m / (m
 * - 1).
 */
public final class BatchStatistics {
  private final List<Pair> pairs = new ArrayList<>();

  /** Mean and variance of one BatchNorm layer. */
  private record Pair(ParameterSlot mean, ParameterSlot variance) {}

  public BatchStatistics(FlatLayout layout) {
    Map<String, ParameterSlot> means = new TreeMap<>();
    for (ParameterSlot slot : layout.segments()) {
      if (slot.kind() == ParameterKind.RUNNING_MEAN) {
        means.put(slot.layer(), slot);
      }
    }
    for (ParameterSlot slot : layout.segments()) {
      if (slot.kind() == ParameterKind.RUNNING_VARIANCE) {
        pairs.add(new Pair(means.get(slot.layer()), slot));
      }
    }
  }

  /**
   * DL4J writes (1 - decay) * (running - batch) where a gradient would stand; turns these into d
   * and e.
   *
   * @param gradient [layout length]
   * @param parameters [layout length], the running statistics before the update
   */
  public void toMomentsInPlace(float[] gradient, FloatBuffer parameters) {
    for (Pair pair : pairs) {
      float share = (float) (1 - pair.mean().decay());
      for (int i = 0; i < pair.mean().length(); i++) {
        int mean = pair.mean().offset() + i;
        int variance = pair.variance().offset() + i;
        float shift = -gradient[mean] / share;
        gradient[mean] = shift;
        gradient[variance] = parameters.get(variance) - gradient[variance] / share + shift * shift;
      }
    }
  }

  /**
   * The update of the running statistics.
   *
   * @param parameters [layout length]; holds avg(d) and avg(e) where running statistics belong, and
   *     the new running statistics afterwards
   * @param before [layout length], the running statistics before the update
   */
  public void mergeInPlace(float[] parameters, float[] before) {
    for (Pair pair : pairs) {
      float decay = (float) pair.mean().decay();
      for (int i = 0; i < pair.mean().length(); i++) {
        int mean = pair.mean().offset() + i;
        int variance = pair.variance().offset() + i;
        float shift = parameters[mean];
        float total = Math.max(0, parameters[variance] - shift * shift);
        parameters[mean] = before[mean] + (1 - decay) * shift;
        parameters[variance] = decay * before[variance] + (1 - decay) * total;
      }
    }
  }

  /** Copies the running statistics only. */
  public void copy(float[] from, float[] to) {
    for (Pair pair : pairs) {
      for (ParameterSlot slot : List.of(pair.mean(), pair.variance())) {
        System.arraycopy(from, slot.offset(), to, slot.offset(), slot.length());
      }
    }
  }
}
