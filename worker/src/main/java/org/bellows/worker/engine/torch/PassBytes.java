// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.worker.engine.torch.node.Node;
import org.bellows.worker.engine.torch.translate.NetworkNodes;

/**
 * An estimate of the most memory that a pass holds at a time, of one sample: maps as {@link
 * TorchEngine} holds and releases them, and what PyTorch copies within one operation.
 */
final class PassBytes {
  /** A convolution copies what it reads and writes into its own layout and back. */
  private static final int COPIES = 2;

  /**
   * What the system's allocator keeps for each two bytes that are in use. Measured of resident
   * memory by that of maps: 1.0 (unet-16, 8 of 96 x 96), 1.3 (resnet20-cifar, 64) and 1.5
   * (mobilenet-v2, 16 of 96 x 96).
   */
  private static final int TAKEN_FOR_TWO = 3;

  private final List<Node> nodes;
  private final Map<Node, Integer> readers = new HashMap<>();
  private final Set<Node> kept = new HashSet<>();
  private final Set<Node> withGradient = new HashSet<>();
  private long live;
  private long most;

  private PassBytes(List<Node> nodes) {
    this.nodes = nodes;
    nodes.forEach(node -> node.inputs().forEach(from -> readers.merge(from, 1, Integer::sum)));
  }

  /**
   * @param training forward and backward; else inference
   */
  static long of(NetworkGraph network, int samples, boolean training) {
    List<String> wanted = training ? network.heads() : List.of(network.answer());
    PassBytes pass = new PassBytes(new NetworkNodes(network, wanted).all());
    pass.forward(training);
    if (training) {
      pass.backward();
    }
    return samples * (pass.most * TAKEN_FOR_TWO / 2);
  }

  private void forward(boolean training) {
    for (Node node : nodes) {
      boolean isSaved = training && node.needsGradient();
      take(node.outputBytes());
      peak(node);
      live += isSaved ? node.extraBytes() : node.bytesWithoutBackward();
      if (isSaved) {
        if (node.savesInput()) {
          kept.add(node.inputs().get(0));
        }
        if (node.savesOutput()) {
          kept.add(node);
        }
      }
      for (Node from : node.inputs()) {
        if (readers.merge(from, -1, Integer::sum) == 0 && !kept.contains(from)) {
          live -= from.outputBytes();
        }
      }
    }
  }

  private void backward() {
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      if (node.needsGradient()) {
        for (Node from : node.inputs()) {
          if (from.needsGradient() && withGradient.add(from)) {
            take(from.outputBytes());
          }
        }
        peak(node);
        live -= node.extraBytes();
      }
      live -= kept.contains(node) ? node.outputBytes() : 0;
      live -= withGradient.contains(node) ? node.outputBytes() : 0;
    }
  }

  private void take(long bytes) {
    live += bytes;
    most = Math.max(most, live);
  }

  /** While the node's operation runs. */
  private void peak(Node node) {
    long copies = node.outputBytes();
    for (Node from : node.inputs()) {
      copies += from.outputBytes();
    }
    most = Math.max(most, live + COPIES * copies);
  }
}
