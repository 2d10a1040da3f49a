// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import java.util.List;
import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PostOperations;
import org.bellows.worker.engine.onednn.plan.Tensor;

/**
 * A layer of weights, biases and an activation. In inference it also computes the following
 * vertices that {@code InferenceFusion} assigns to it: y = f(BatchNorm(W x + b) + a).
 */
public abstract class AffineNode extends Node {
  private ActivationFunction activation;
  private FusedBatchNorm norm;
  private Node addend;

  protected AffineNode(String name, Node input, ActivationFunction activation) {
    super(name, List.of(input));
    this.activation = activation;
  }

  @Override
  protected boolean isTrained() {
    return true;
  }

  public final ActivationFunction activation() {
    return activation;
  }

  /** The following BatchNorm that is folded into its weights; null: none. */
  public final FusedBatchNorm norm() {
    return norm;
  }

  /** The array that is added before the activation; null: none. */
  protected final Node addend() {
    return addend;
  }

  /** Whether its primitive computes an activation on its way as fast as any. */
  public abstract boolean canActivate();

  /** Whether it can add another array on its way. */
  public abstract boolean canAdd();

  /** Whether nothing is fused after the weights and biases yet. */
  public final boolean isBare() {
    return norm == null && isOpen();
  }

  /** Whether nothing is fused after the BatchNorm yet, if there is one. */
  public final boolean isOpen() {
    return addend == null && activation.isIdentity();
  }

  /** Only while {@link #isBare}. */
  public final void fold(FusedBatchNorm behind) {
    norm = behind;
  }

  /** Only while {@link #isOpen}. */
  public final void add(Node other) {
    addend = other;
  }

  /** Only while its activation is the identity. */
  public final void activate(ActivationFunction function) {
    activation = function;
  }

  protected final PostOperations postOperations() {
    return new PostOperations(addend != null, activation);
  }

  /**
   * The weights that it computes with.
   *
   * @param own the layer's, output channels or units first
   */
  public final Tensor folded(PlanBuilder plan, Tensor own) {
    return norm == null ? own : norm.weights(plan, own);
  }

  /**
   * The biases that it computes with.
   *
   * @param own the layer's; null: none
   * @param channels of the layer's output
   */
  protected final Tensor foldedBias(PlanBuilder plan, Tensor own, long channels) {
    return norm == null ? own : norm.bias(plan, own, Math.toIntExact(channels));
  }
}
