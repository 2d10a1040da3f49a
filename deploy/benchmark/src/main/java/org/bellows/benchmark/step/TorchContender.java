// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.ParameterKind;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.network.RandomBatch;

/**
 * PyTorch through DJL. The images stay in PyTorch's memory, where a trainer would have to copy them
 * in each step.
 *
 * <p>DJL has no Nesterov momentum for PyTorch, so it is written here as torch.optim.SGD writes it:
 *
 * <pre>
 * g += decay * w        weights only
 * v  = momentum * v + g
 * w -= lr * (g + momentum * v)
 * </pre>
 */
final class TorchContender implements Contender {
  private final TorchNetwork network;
  private final NDArray images;
  private final NDArray targets;
  private final List<Slot> slots = new ArrayList<>();
  private final float rate;
  private final float momentum;

  /** One parameter array, its velocity and its decay. */
  private record Slot(NDArray weight, NDArray velocity, float decay) {}

  TorchContender(Assignment assignment, TorchMode mode) {
    Settings settings = assignment.settings();
    NetworkGraph graph = assignment.network().graph(assignment.input(), assignment.classes());
    try (LaneNetwork lane =
        new LaneNetwork(
            assignment.network(),
            assignment.input(),
            assignment.classes(),
            settings.train().seed())) {
      float[] flat = new float[lane.layout().length()];
      lane.readParameters(flat);
      this.network = new TorchNetwork(graph, mode, lane.layout(), flat);
    }
    RandomBatch batch = assignment.batch();
    this.images = network.images(batch.pixels());
    this.targets = network.targets(batch.targets(), assignment.samples());
    this.rate = (float) settings.schedule().baseLr();
    this.momentum = (float) settings.optimizer().momentum();
    for (TorchParameters.Tensor tensor : network.parameters().trainable()) {
      boolean isWeight = tensor.segment().kind() == ParameterKind.WEIGHT;
      float decay = isWeight ? (float) settings.optimizer().weightDecay() : 0;
      NDArray velocity = tensor.array().zerosLike();
      slots.add(new Slot(tensor.array(), velocity, decay));
    }
  }

  @Override
  public double step() {
    float loss = network.gradient(images, targets);
    try (NDManager update = network.manager().newSubManager()) {
      slots.forEach(slot -> move(slot, update));
    }
    return loss;
  }

  private void move(Slot slot, NDManager update) {
    NDArray weight = slot.weight();
    NDArray velocity = slot.velocity();
    NDArray gradient = weight.getGradient();
    gradient.attach(update);
    if (slot.decay() != 0) {
      try (NDArray pull = weight.mul(slot.decay())) {
        gradient.addi(pull);
      }
    }
    velocity.muli(momentum).addi(gradient);
    try (NDArray ahead = velocity.mul(momentum)) {
      weight.subi(ahead.addi(gradient).muli(rate));
    }
    JniUtils.zeroGrad((PtNDArray) weight);
  }

  @Override
  public void close() {
    network.close();
  }
}
