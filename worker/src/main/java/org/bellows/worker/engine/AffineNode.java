package org.bellows.worker.engine;

import java.util.List;

/**
 * A layer of weights, biases and an activation. In inference it does the work of vertices behind
 * it, too, which {@link InferenceFusion} gives it: y = f(BatchNorm(W x + b) + a).
 */
abstract class AffineNode extends Node {
  private Function activation;
  private FoldedNorm norm;
  private Node addend;

  AffineNode(String name, Node input, Function activation) {
    super(name, List.of(input));
    this.activation = activation;
  }

  @Override
  final boolean isTrained() {
    return true;
  }

  final Function activation() {
    return activation;
  }

  /** The BatchNorm behind it that its weights stand for; null: none. */
  final FoldedNorm norm() {
    return norm;
  }

  /** What is added in front of the activation; null: nothing. */
  final Node addend() {
    return addend;
  }

  /** Whether it can add another array on its way. */
  abstract boolean canAdd();

  /** Whether nothing is done yet behind the weights and biases. */
  final boolean isBare() {
    return norm == null && isOpen();
  }

  /** Whether nothing is done yet behind the BatchNorm, if there is one. */
  final boolean isOpen() {
    return addend == null && activation.isIdentity();
  }

  /** Only while {@link #isBare}. */
  final void fold(FoldedNorm behind) {
    norm = behind;
  }

  /** Only while {@link #isOpen}. */
  final void add(Node other) {
    addend = other;
  }

  /** Only while its activation is the identity. */
  final void activate(Function function) {
    activation = function;
  }

  final PostOperations postOperations() {
    return new PostOperations(addend != null, activation);
  }

  /**
   * The weights that it computes with.
   *
   * @param own the layer's, output channels or units first
   */
  final Tensor folded(PlanBuilder plan, Tensor own) {
    return norm == null ? own : norm.weights(plan, own);
  }

  /**
   * The biases that it computes with.
   *
   * @param own the layer's; null: none
   * @param channels of the layer's output
   */
  final Tensor foldedBias(PlanBuilder plan, Tensor own, long channels) {
    return norm == null ? own : norm.bias(plan, own, Math.toIntExact(channels));
  }
}
