// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.dl4j;

import java.util.Set;
import org.bellows.conf.Device;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.NumberFormat;
import org.bellows.worker.engine.StepEngine;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.Support;

/** DL4J's graph, which every kind of layer has a form in. */
public final class Dl4jEngineProvider implements StepEngineProvider {
  public static final String NAME = "dl4j";

  /**
   * DL4J's workspaces in a training step, in bytes for each of the activations': measured 5 to 5.5
   * (resnet20-cifar in batches of 64, resnet50 at 64 x 64 in batches of 16).
   */
  private static final long TRAINING = 6;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<Device> devices() {
    return Set.of(Device.CPU);
  }

  @Override
  public NumberFormat numbers() {
    return NumberFormat.FLOAT32;
  }

  @Override
  public Support supports(NetworkGraph network) {
    return Support.yes();
  }

  /** An estimate. */
  @Override
  public long hostBytes(NetworkGraph network, int samples, boolean training, Device device) {
    return (training ? TRAINING : 1) * Float.BYTES * samples * activations(network);
  }

  /** Floats of one sample, over all vertices. */
  private static long activations(NetworkGraph network) {
    return network.vertices().stream().mapToLong(vertex -> vertex.shape().elements()).sum();
  }

  @Override
  public StepEngine open(EngineNetwork network) {
    return new Dl4jEngine(network);
  }
}
