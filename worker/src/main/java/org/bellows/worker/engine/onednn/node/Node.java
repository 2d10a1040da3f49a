// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_desc_init;

import java.util.ArrayList;
import java.util.List;
import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_binary_desc_t;

/**
 * A vertex while its plan is compiled. {@link #forward} is called in topological order, then, in
 * training, {@link #backward} in the opposite order.
 */
public abstract class Node {
  private final String name;
  private final List<Node> inputs;
  private final List<Tensor> outputGradients = new ArrayList<>();
  private Tensor output;
  private Node fusedInto;

  protected Node(String name, List<Node> inputs) {
    this.name = name;
    this.inputs = List.copyOf(inputs);
  }

  /** Adds the calls that compute the output from the inputs' outputs. */
  public abstract Tensor forward(PlanBuilder plan);

  /**
   * Adds the calls that compute the inputs' errors and the parameters' gradients.
   *
   * @param outputGradient the loss's gradient at the output, shaped as it, held by this method from
   *     now on
   */
  public abstract void backward(PlanBuilder plan, Tensor outputGradient);

  /** Whether it is an answer of the network, whose error comes of its own loss. */
  public boolean isHead() {
    return false;
  }

  /** Whether it has parameters of its own. */
  protected boolean isTrained() {
    return false;
  }

  /** Whether its output depends on trained parameters. */
  public boolean needsGradient() {
    return isTrained() || inputs.stream().anyMatch(Node::needsGradient);
  }

  /**
   * Another node does its work before.
   *
   * @param input whose output is this one's, too
   */
  public void fuseInto(Node input) {
    fusedInto = input;
  }

  /** The input whose output is this one's, too; null: it has work of its own. */
  public Node fusedInto() {
    return fusedInto;
  }

  public String name() {
    return name;
  }

  public List<Node> inputs() {
    return inputs;
  }

  public Node input() {
    return inputs.get(0);
  }

  public Tensor output() {
    return output;
  }

  public void setOutput(Tensor tensor) {
    output = tensor;
  }

  /** Gives an input its error, or a part of it; the array is the input's to hold from now on. */
  public static void pass(PlanBuilder plan, Node input, Tensor outputGradient) {
    if (input.needsGradient()) {
      input.outputGradients.add(outputGradient);
    } else {
      plan.release(outputGradient);
    }
  }

  /**
   * The sum of what the consumers gave.
   *
   * @return null when none gave anything
   */
  public Tensor takeOutputGradient(PlanBuilder plan) {
    Tensor sum = null;
    for (Tensor part : outputGradients) {
      sum = sum == null ? part : add(plan, sum, part);
    }
    outputGradients.clear();
    return sum;
  }

  /** Releases an array, unless the result was computed in its place. */
  @SuppressWarnings("ReferenceEquality") // Two arrays of the same layout are not the same array.
  public static void releaseUnlessReused(PlanBuilder plan, Tensor used, Tensor result) {
    if (result != used) {
      plan.release(used);
    }
  }

  /** Releases both. */
  private static Tensor add(PlanBuilder plan, Tensor left, Tensor right) {
    boolean swap = !plan.isOnlyReference(left) && plan.isOnlyReference(right);
    Tensor one = swap ? right : left;
    Tensor other = plan.inLayout(swap ? left : right, one.layout());
    plan.release(swap ? left : right);
    Tensor sum = plan.isOnlyReference(one) ? one : plan.tensor(one.layout());
    binary(plan, dnnl_binary_add, one, other, sum, ActivationFunction.IDENTITY);
    plan.release(other);
    releaseUnlessReused(plan, one, sum);
    return sum;
  }

  /**
   * One operation on two arrays of the same layout, or with the second's sides 1 where it counts
   * for all of the first's.
   *
   * @param result may be the first
   */
  protected static void binary(
      PlanBuilder plan,
      int kind,
      Tensor one,
      Tensor other,
      Tensor result,
      ActivationFunction then) {
    dnnl_binary_desc_t intent = new dnnl_binary_desc_t();
    OneDnn.check(
        "a binary",
        dnnl_binary_desc_init(intent, kind, one.layout(), other.layout(), result.layout()));
    plan.run(
        "binary",
        plan.operation(intent, null, then),
        new Arguments()
            .with(DNNL_ARG_SRC_0, one)
            .with(DNNL_ARG_SRC_1, other)
            .with(DNNL_ARG_DST, result));
  }
}
