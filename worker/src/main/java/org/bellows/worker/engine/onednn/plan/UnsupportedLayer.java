// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import org.bellows.conf.BellowsException;

/** The refusal of a layer, or of a setting of one, that the oneDNN engine cannot compute. */
public final class UnsupportedLayer {
  private UnsupportedLayer() {}

  /**
   * @param vertex its name in the network
   * @param what is not known: the kind of layer, or one of its settings
   * @return to be thrown
   */
  public static BellowsException of(String vertex, String what) {
    return BellowsException.configuration(
        "the onednn step does not know %s of vertex %s; train.step-engine=dl4j does"
            .formatted(what, vertex));
  }
}
