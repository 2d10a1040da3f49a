// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch;

import java.util.Set;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.NumberFormat;
import org.bellows.worker.engine.StepEngine;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.Support;
import org.bellows.worker.engine.torch.translate.NetworkNodes;
import org.bellows.worker.natives.TorchLibraries;

/** PyTorch's operations (ATen), through libtorch. */
public final class TorchEngineProvider implements StepEngineProvider {
  public static final String NAME = "torch";

  /** Code and tables of libtorch that a first step makes resident: measured 60 to 135 MB. */
  private static final long LIBRARIES = 135L << 20;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<Settings.TrainingDevice> devices() {
    return Set.of(Settings.TrainingDevice.CPU, Settings.TrainingDevice.GPU);
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
  public Support libraries() {
    return TorchLibraries.arePresent() ? Support.yes() : Support.no(TorchLibraries.missing());
  }

  @Override
  public Support supports(NetworkGraph network) {
    if (!libraries().isAvailable()) {
      return libraries();
    }
    try {
      new NetworkNodes(network, network.heads());
      return Support.yes();
    } catch (BellowsException e) {
      return Support.no(e.getMessage());
    }
  }

  @Override
  public long hostBytes(
      NetworkGraph network, int samples, boolean training, Settings.TrainingDevice device) {
    return PassBytes.of(network, samples, training);
  }

  @Override
  public long libraryBytes() {
    return LIBRARIES;
  }

  @Override
  public StepEngine open(EngineNetwork network) {
    return new TorchEngine(network);
  }
}
