// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch;

import java.util.Locale;
import org.bellows.worker.engine.PassTimes;
import org.bellows.worker.engine.StepProfile;
import org.bellows.worker.engine.torch.node.Node;
import org.bellows.worker.engine.torch.pass.TorchDevice;

/**
 * Adds up the time of each node's forward and backward pass, over several passes. A GPU is waited
 * for after each, so that a pass takes longer than one that is not looked at.
 */
final class NodeTimes extends PassTimes<NodeTimes.Place> {
  private static final String ENDING = "Node";

  private final TorchDevice device;

  /** A node of each pass: it is made anew. */
  record Place(String vertex, String phase, String what) {}

  NodeTimes(TorchDevice device) {
    this.device = device;
  }

  @Override
  public void begin() {
    device.await();
    super.begin();
  }

  /**
   * @param phase forward or backward
   */
  void done(Node node, String phase) {
    device.await();
    done(new Place(node.name(), phase, kind(node)));
  }

  private static String kind(Node node) {
    String name = node.getClass().getSimpleName();
    return name.substring(0, name.length() - ENDING.length()).toLowerCase(Locale.ROOT);
  }

  @Override
  protected StepProfile.Line line(Place place, double microseconds) {
    return new StepProfile.Line(place.vertex(), place.phase(), place.what(), microseconds);
  }
}
