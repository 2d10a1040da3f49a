// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.ArrayList;
import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A vertex during one pass. {@link #forward} is called in topological order, then, in training,
 * {@link #backward} in the opposite order, then {@link #release} in any case.
 *
 * <p>A tensor is freed when nobody holds it any more. The output is held until the last reader has
 * computed; readers that need it in the backward pass hold it themselves.
 */
public abstract class Node {
  private final String name;
  private final LayerShape shape;
  private final List<Node> inputs;
  private final List<Tensor> held = new ArrayList<>();
  private Tensor output;
  private torch.ScalarType outputType;
  private Tensor outputGradient;
  private boolean isSum;
  private int readers;
  private int waiting;
  private Boolean needsGradient;

  /**
   * @param shape of one sample's output
   */
  Node(String name, LayerShape shape, List<Node> inputs) {
    this.name = name;
    this.shape = shape;
    this.inputs = List.copyOf(inputs);
  }

  /**
   * The output from the inputs' outputs, whose values stay as they are unless {@link
   * #canOverwriteInput}.
   */
  abstract Tensor compute(Pass pass);

  /**
   * The inputs' gradients, which it {@linkplain #give gives}, and those of its parameters.
   *
   * @param slope the loss's gradient at the output, shaped as it, not changed; null at a head
   */
  abstract void propagate(Pass pass, Tensor slope);

  /** Whether it is an answer of the network, whose gradient comes of its own loss. */
  public boolean isHead() {
    return false;
  }

  /** Whether it has parameters that learn. */
  boolean isTrained() {
    return false;
  }

  /** Whether its backward pass reads what its first input gave. */
  public boolean savesInput() {
    return false;
  }

  /** Whether its backward pass reads its own output. */
  public boolean savesOutput() {
    return false;
  }

  /**
   * What it holds in training beside inputs and output, of one sample.
   *
   * @param map bytes of a map's element
   */
  public long extraBytes(int map) {
    return 0;
  }

  /** What it holds until the pass ends, where there is no backward pass of it, of one sample. */
  public long bytesWithoutBackward() {
    return 0;
  }

  /**
   * What its operations take on a GPU while they run, forward or backward, beside inputs, output
   * and their gradients, of one sample. What libraries take is not in it.
   *
   * @param map bytes of a map's element
   */
  public long workBytes(int map) {
    return 0;
  }

  /** Numbers of its weights that it copies for the pass where maps have their channels last. */
  public long copiedWeights() {
    return 0;
  }

  /** Whether its output has memory of its own, which it does not read again. */
  boolean isOutputFree() {
    return false;
  }

  /** Whether its output depends on trained parameters. */
  public boolean needsGradient() {
    if (needsGradient == null) {
      needsGradient = isTrained() || inputs.stream().anyMatch(Node::needsGradient);
    }
    return needsGradient;
  }

  public String name() {
    return name;
  }

  public List<Node> inputs() {
    return inputs;
  }

  Node input() {
    return inputs.get(0);
  }

  /** Of one sample's output. */
  LayerShape shape() {
    return shape;
  }

  /**
   * The memory of one sample's output.
   *
   * @param map bytes of a map's element
   */
  public long outputBytes(int map) {
    return map * shape.elements();
  }

  /** Of one sample, in float32. */
  final long floatBytes() {
    return Float.BYTES * shape.elements();
  }

  long[] shape(Pass pass) {
    return shape.batch(pass.samples());
  }

  /** Held while there are readers. */
  public Tensor output() {
    return output;
  }

  /** Another node, or the caller of the pass, reads the output. */
  public void addReader() {
    readers++;
    waiting++;
  }

  /**
   * Whether the only input has values that nobody needs after this node. Readers that have computed
   * count, too: they may need what they read in their backward pass.
   */
  boolean canOverwriteInput() {
    return input().readers == 1 && input().isOutputFree();
  }

  public void forward(Pass pass) {
    try (PointerScope scope = new PointerScope()) {
      output = compute(pass);
      output.retainReference();
      outputType = output.scalar_type();
    }
    inputs.forEach(Node::read);
    if (waiting == 0) {
      releaseOutput();
    }
  }

  /** One reader is done. */
  public void read() {
    waiting--;
    if (waiting == 0) {
      releaseOutput();
    }
  }

  public void backward(Pass pass) {
    if (needsGradient() && (outputGradient != null || isHead())) {
      try (PointerScope scope = new PointerScope()) {
        propagate(pass, outputGradient);
      }
    }
    release();
  }

  /** Holds a tensor until the node's backward pass is done, where there is one. */
  Tensor save(Pass pass, Tensor tensor) {
    return pass.isTraining() && needsGradient() ? hold(tensor) : tensor;
  }

  /** Holds a tensor until the node is released. */
  Tensor hold(Tensor tensor) {
    tensor.retainReference();
    held.add(tensor);
    return tensor;
  }

  /** A tensor that is an element of a tuple, as one of its own. */
  static Tensor element(Tensor ofTuple) {
    return new Tensor(ofTuple);
  }

  /**
   * Gives an input its gradient, or a part of it.
   *
   * @param of in the input's shape, in any number format
   */
  static void give(Node input, Tensor of) {
    if (!input.needsGradient()) {
      return;
    }
    Tensor part = Pass.in(input.outputType, of);
    if (input.outputGradient == null) {
      input.outputGradient = part;
      part.retainReference();
    } else if (input.isSum) {
      input.outputGradient.add_(part);
    } else {
      Tensor sum = input.outputGradient.add(part);
      sum.retainReference();
      input.outputGradient.close();
      input.outputGradient = sum;
      input.isSum = true;
    }
  }

  private void releaseOutput() {
    if (output != null) {
      output.close();
      output = null;
    }
  }

  /** Lets go of all tensors that it still holds. */
  public void release() {
    releaseOutput();
    if (outputGradient != null) {
      outputGradient.close();
      outputGradient = null;
    }
    held.forEach(Tensor::close);
    held.clear();
  }
}
