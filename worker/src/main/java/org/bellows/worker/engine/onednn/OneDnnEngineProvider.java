// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import java.util.Set;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.NumberFormat;
import org.bellows.worker.engine.StepEngine;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.Support;

/** Plans of oneDNN primitives on the processor: the fast engine. */
public final class OneDnnEngineProvider implements StepEngineProvider {
  public static final String NAME = "onednn";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<Settings.TrainingDevice> devices() {
    return Set.of(Settings.TrainingDevice.CPU);
  }

  @Override
  public NumberFormat numbers() {
    return NumberFormat.FLOAT32;
  }

  @Override
  public boolean canComputeLanesAtOnce() {
    return true;
  }

  @Override
  public Support supports(NetworkGraph network) {
    try {
      OneDnnEngine.requireKnown(network);
      return Support.yes();
    } catch (BellowsException e) {
      return Support.no(e.getMessage());
    }
  }

  /** Counted exactly. */
  @Override
  public long hostBytes(
      NetworkGraph network, int samples, boolean training, Settings.TrainingDevice device) {
    return OneDnnEngine.planBytes(network, samples, training);
  }

  @Override
  public StepEngine open(EngineNetwork network) {
    return new OneDnnEngine(network);
  }
}
