// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import java.util.ArrayList;
import java.util.List;
import org.bellows.benchmark.torch.TorchMode;
import org.bellows.benchmark.torch.TorchNetwork;
import org.bellows.benchmark.torch.TorchParameters;
import org.bellows.conf.Settings;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.ParameterKind;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.network.RandomBatch;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * PyTorch with autograd. The images stay in PyTorch's memory, where a trainer would have to copy
 * them in each step. The update is torch.optim.SGD's with Nesterov's momentum, in place:
 *
 * <pre>
 * g += decay * w        weights only
 * v  = momentum * v + g
 * w -= lr * (g + momentum * v)
 * </pre>
 */
final class TorchContender implements Contender {
  private final TorchNetwork network;
  private final Tensor images;
  private final Tensor targets;
  private final List<Slot> slots = new ArrayList<>();
  private final Scalar descent;
  private final Scalar momentum;

  /** One parameter array, its velocity and its decay. */
  private record Slot(Tensor weight, Tensor velocity, double decay) {}

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
    this.descent = new Scalar(-settings.schedule().baseLr());
    this.momentum = new Scalar(settings.optimizer().momentum());
    for (TorchParameters.Parameter parameter : network.parameters().trainable()) {
      boolean isWeight = parameter.segment().kind() == ParameterKind.WEIGHT;
      double decay = isWeight ? settings.optimizer().weightDecay() : 0;
      slots.add(new Slot(parameter.tensor(), torch.zeros_like(parameter.tensor()), decay));
    }
  }

  @Override
  public double step() {
    float loss = network.gradient(images, targets);
    try (PointerScope update = new PointerScope();
        AutoGradMode none = new AutoGradMode(false)) {
      slots.forEach(this::move);
    }
    return loss;
  }

  private void move(Slot slot) {
    Tensor gradient = slot.weight().grad();
    if (slot.decay() != 0) {
      gradient.add_(slot.weight(), new Scalar(slot.decay()));
    }
    slot.velocity().mul_(momentum).add_(gradient);
    slot.weight().add_(gradient.add_(slot.velocity(), momentum), descent);
    // As zero_grad does: the next gradient is not added to zeros.
    slot.weight().mutable_grad().reset();
  }

  @Override
  public void close() {
    network.close();
    images.close();
    targets.close();
    slots.forEach(slot -> slot.velocity().close());
  }
}
