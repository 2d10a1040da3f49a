// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import java.util.Optional;
import java.util.Set;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Device;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.NumberFormat;
import org.bellows.worker.engine.StepEngine;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.Support;
import org.bellows.worker.engine.onednn.arithmetic.Processor;

/** Plans of oneDNN primitives on the processor: the fast engine. */
public final class OneDnnEngineProvider implements StepEngineProvider {
  public static final String NAME = "onednn";

  private final Arithmetic arithmetic;

  public OneDnnEngineProvider() {
    this(Arithmetic.USUAL);
  }

  private OneDnnEngineProvider(Arithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

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
    return switch (arithmetic.precision()) {
      case FLOAT32, TF32 -> NumberFormat.FLOAT32;
      case BFLOAT16 -> NumberFormat.BFLOAT16;
    };
  }

  @Override
  public boolean canComputeLanesAtOnce() {
    return true;
  }

  @Override
  public boolean tellsWhatIsFinal() {
    return true;
  }

  @Override
  public Optional<StepEngineProvider> in(Arithmetic other) {
    return other.isOnProcessors() ? Optional.of(new OneDnnEngineProvider(other)) : Optional.empty();
  }

  @Override
  public Support supports(NetworkGraph network) {
    Optional<String> refusal = Processor.refusal(arithmetic);
    if (refusal.isPresent()) {
      return Support.no(refusal.get());
    }
    try {
      OneDnnEngine.requireKnown(network);
      return Support.yes();
    } catch (BellowsException e) {
      return Support.no(e.getMessage());
    }
  }

  /** Counted exactly. */
  @Override
  public long hostBytes(NetworkGraph network, int samples, boolean training, Device device) {
    return OneDnnEngine.planBytes(network, samples, training, arithmetic);
  }

  @Override
  public StepEngine open(EngineNetwork network) {
    return new OneDnnEngine(network, arithmetic);
  }
}
