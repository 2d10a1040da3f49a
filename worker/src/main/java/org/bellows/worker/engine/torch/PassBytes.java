// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bellows.conf.Precision;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.worker.engine.torch.node.Node;
import org.bellows.worker.engine.torch.pass.TorchMode;
import org.bellows.worker.engine.torch.translate.NetworkNodes;

/**
 * An estimate of the most memory that a pass holds at a time: maps as {@link TorchEngine} holds and
 * releases them, and what is taken within one operation.
 */
final class PassBytes {
  private static final int BFLOAT16 = 2;

  /**
   * A convolution of row-major maps copies what it reads and writes into its own layout and back;
   * of maps with channels last it may take less. It is as much that a GPU's convolutions are
   * assumed to take: nothing was measured on one.
   */
  private static final int COPIES = 2;

  /**
   * What the system's allocator keeps for each two bytes that are in use. Measured of resident
   * memory by that with pages of its own for each tensor, in four passes with channels last: 1.2
   * (unet-16, 8 of 96 x 96), 1.4 (resnet20-cifar, 64) and 1.2 (mobilenet-v2, 16 of 96 x 96). By
   * that of maps, which lay in rows: 1.0, 1.3 and 1.5.
   */
  private static final int TAKEN_FOR_TWO = 3;

  /** A GPU's memory is taken in blocks of even sizes: one byte more for so many. */
  private static final int ROUNDED_UP = 100;

  private final List<Node> nodes;
  private final int map;
  private final boolean isAsOnGpu;
  private final Map<Node, Integer> readers = new HashMap<>();

  /** What the backward pass reads, and the first in the forward pass that holds it. */
  private final Map<Node, Node> kept = new HashMap<>();

  private final Set<Node> withGradient = new HashSet<>();
  private long live;
  private long most;

  private PassBytes(NetworkGraph network, TorchMode mode, boolean isTraining) {
    List<String> wanted = isTraining ? network.heads() : List.of(network.answer());
    this.nodes = new NetworkNodes(network, wanted).all();
    this.map = mode.precision(isTraining) == Precision.BFLOAT16 ? BFLOAT16 : Float.BYTES;
    this.isAsOnGpu = mode.isAsOnGpu();
    nodes.forEach(node -> node.inputs().forEach(from -> readers.merge(from, 1, Integer::sum)));
    forward(isTraining);
    if (isTraining) {
      backward();
    }
  }

  /**
   * In the memory of the device that computes, beside parameters and gradient.
   *
   * @param isTraining forward and backward; else inference
   */
  static long of(NetworkGraph network, TorchMode mode, int samples, boolean isTraining) {
    PassBytes pass = new PassBytes(network, mode, isTraining);
    long maps =
        mode.isAsOnGpu() ? pass.most + pass.most / ROUNDED_UP : pass.most * TAKEN_FOR_TWO / 2;
    boolean areWeightsCopied = mode.areChannelsLast(network.inputShape().channels());
    return samples * maps + (areWeightsCopied ? pass.weights(isTraining) : 0);
  }

  /** Copies in the order and number format of maps, and the gradient of the largest. */
  private long weights(boolean isTraining) {
    long all = nodes.stream().mapToLong(Node::copiedWeights).sum();
    long largest = nodes.stream().mapToLong(Node::copiedWeights).max().orElse(0);
    return map * (isTraining ? all + 2 * largest : 2 * largest);
  }

  private void forward(boolean isTraining) {
    for (Node node : nodes) {
      boolean isSaved = isTraining && node.needsGradient();
      take(node.outputBytes(map));
      live += isSaved ? node.extraBytes(map) : node.bytesWithoutBackward();
      peak(node);
      if (isSaved) {
        if (node.savesInput()) {
          kept.putIfAbsent(node.inputs().get(0), node);
        }
        if (node.savesOutput()) {
          kept.putIfAbsent(node, node);
        }
      }
      for (Node from : node.inputs()) {
        if (readers.merge(from, -1, Integer::sum) == 0 && !kept.containsKey(from)) {
          live -= from.outputBytes(map);
        }
      }
    }
  }

  private void backward() {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      if (node.needsGradient()) {
        long before = live;
        for (Node from : node.inputs()) {
          if (from.needsGradient()) {
            // A second part is beside the first and their sum.
            boolean isFirst = withGradient.add(from);
            take((isFirst ? 1 : 2) * from.outputBytes(map));
            before += isFirst ? from.outputBytes(map) : 0;
          }
        }
        peak(node);
        live = before - node.extraBytes(map);
      }
      for (Map.Entry<Node, Node> one : kept.entrySet()) {
        live -= one.getValue() == node ? one.getKey().outputBytes(map) : 0;
      }
      live -= withGradient.contains(node) ? node.outputBytes(map) : 0;
    }
  }

  private void take(long bytes) {
    live += bytes;
    most = Math.max(most, live);
  }

  /** While the node's operation runs. */
  private void peak(Node node) {
    long work = isAsOnGpu ? node.workBytes(map) : 0;
    if (!isAsOnGpu || node.copiedWeights() > 0) {
      long copies = node.outputBytes(map);
      for (Node from : node.inputs()) {
        copies += from.outputBytes(map);
      }
      work += COPIES * copies;
    }
    most = Math.max(most, live + work);
  }
}
