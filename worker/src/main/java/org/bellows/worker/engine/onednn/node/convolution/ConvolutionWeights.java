// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.convolution;

import java.util.Arrays;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/**
 * A convolution's weights and bias between the flat vector and the primitive, which may work with
 * more filters and channels than the network has. The surplus is zero.
 *
 * @param name of the layer
 * @param flat layout of the weights in the flat vector
 * @param shape of the primitive's weights
 * @param inside layout of {@code flat}'s elements in row-major weights of {@code shape}; not used
 *     where nothing is added
 * @param maps that the network has, one bias each
 */
record ConvolutionWeights(
    String name, dnnl_memory_desc_t flat, long[] shape, dnnl_memory_desc_t inside, long maps) {

  /** Whether the primitive works with the network's filters and channels, and no more. */
  boolean isWhole() {
    return Arrays.equals(shape, OneDnn.shape(flat));
  }

  private long filters() {
    return shape[0];
  }

  /** As in the flat vector. */
  Tensor ownWeights(PlanBuilder plan) {
    return plan.parameter(name + "_W", flat);
  }

  /** As in the flat vector. */
  Tensor ownBias(PlanBuilder plan) {
    return plan.parameter(name + "_b", OneDnn.plain(maps));
  }

  /**
   * @param own weights in the layout of the flat vector
   * @return an array of {@code shape} if channels were added, else {@code own}
   */
  Tensor weights(PlanBuilder plan, Tensor own) {
    if (isWhole()) {
      return own;
    }
    Tensor filled = plan.zeros(OneDnn.plain(shape));
    plan.copyParameter(own, plan.view(filled, inside));
    return filled;
  }

  /** [filters]. */
  dnnl_memory_desc_t biasLayout() {
    return OneDnn.plain(filters());
  }

  /**
   * @param own [maps]
   * @return [filters]
   */
  Tensor bias(PlanBuilder plan, Tensor own) {
    if (maps == filters()) {
      return own;
    }
    Tensor filled = plan.zeros(biasLayout());
    plan.copyParameter(own, plan.view(filled, own.layout()));
    return filled;
  }

  /** Where the primitive may put a gradient of {@code layout}; retained for the caller. */
  Tensor gradient(PlanBuilder plan, dnnl_memory_desc_t layout) {
    return isWhole() && OneDnn.isEqual(flat, layout)
        ? plan.gradient(name + "_W", flat)
        : plan.tensor(layout);
  }

  /** Brings a gradient into the flat vector and releases it. */
  void store(PlanBuilder plan, Tensor gradient) {
    if (gradient.isInFlatVector()) {
      return;
    }
    Tensor target = plan.gradient(name + "_W", flat);
    if (isWhole()) {
      plan.copy(gradient, target);
    } else {
      Tensor plain = plan.inLayout(gradient, OneDnn.plain(shape));
      plan.copy(plan.view(plain, inside), target);
      plan.release(plain);
    }
    plan.release(gradient);
  }

  Tensor biasGradient(PlanBuilder plan) {
    return maps == filters() ? plan.gradient(name + "_b", biasLayout()) : plan.tensor(biasLayout());
  }

  void storeBias(PlanBuilder plan, Tensor gradient) {
    if (!gradient.isInFlatVector()) {
      Tensor target = plan.gradient(name + "_b", OneDnn.plain(maps));
      plan.copy(plan.view(gradient, target.layout()), target);
      plan.release(gradient);
    }
  }
}
