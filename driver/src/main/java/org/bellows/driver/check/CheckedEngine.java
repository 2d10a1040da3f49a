// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.network.RandomBatch;

/** A case's network on an engine, with its initial parameters and its batch. */
final class CheckedEngine implements AutoCloseable {
  private static final long SEED = 7;
  private static final long DROPS_SEED = 1;

  private final CheckCase work;
  private final RandomBatch batch;
  private final LaneNetwork lane;
  private final float[] initial;

  CheckedEngine(CheckCase work, EngineRequest engine) {
    this.work = work;
    this.batch =
        RandomBatch.of(
            work.network().graph(work.input(), work.classes()), work.classes(), work.samples());
    this.lane = new LaneNetwork(work.network(), work.input(), work.classes(), SEED, engine);
    this.initial = new float[lane.layout().length()];
    lane.readParameters(initial);
  }

  PassResult pass() {
    return movedPass(0);
  }

  /**
   * A pass with parameters that are not quite the initial ones.
   *
   * @param by each is larger or smaller by this much of itself, as a fixed seed says
   */
  PassResult movedPass(double by) {
    float[] parameters = initial.clone();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] *= (float) (random.nextBoolean() ? 1 + by : 1 - by);
    }
    lane.writeParameters(parameters);
    float[] gradient = new float[initial.length];
    double loss = lane.gradient(batch.pixels(), batch.targets(), DROPS_SEED, gradient);
    for (FlatLayout.ParameterSlot slot : lane.layout().segments()) {
      if (slot.kind() == ParameterKind.FROZEN) {
        // What does not learn has no gradient; an engine may leave anything there.
        Arrays.fill(gradient, slot.offset(), slot.end(), 0);
      }
    }
    float[] probabilities = lane.probabilities(batch.pixels(), work.samples());
    return new PassResult(loss / work.samples(), lane.layout(), gradient, probabilities);
  }

  @Override
  public void close() {
    lane.close();
  }
}
