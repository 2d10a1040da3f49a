// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import org.bellows.conf.TrainSettings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.worker.collective.Hosts;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.tune.FreezeSchedule;

/**
 * When gradients are sent while the backward pass still runs ({@code sync.overlap}). The answer is
 * the same on all ranks, and changes no bit of the result.
 *
 * @param engineTells whether the engine says before the end of a pass what is final
 */
public record OverlapRule(TrainingSettings settings, boolean engineTells) {

  /**
   * @throws org.bellows.conf.BellowsException (configuration) when there is no such engine
   */
  public static OverlapRule of(TrainingSettings settings) {
    return new OverlapRule(
        settings,
        StepEngines.standard().get(EngineRequest.of(settings.train())).tellsWhatIsFinal());
  }

  /**
   * Within one host processors are the limit, and there is nothing to wait for beside them. Nothing
   * can be sent before the end of a pass where lanes meet in it, which is an exchange, too, where
   * every rank computes several lanes at the same time, and where the first layers never learn: the
   * whole network's vector is made when the pass of the others has ended.
   */
  public boolean overlaps(Hosts hosts) {
    int ranks = hosts.first(hosts.count());
    boolean isWanted =
        switch (settings.sync().overlap()) {
          case AUTO -> hosts.count() > 1;
          case ON -> ranks > 1;
          case OFF -> false;
        };
    int fewestLanes = settings.train().lanes() / ranks;
    return isWanted
        && engineTells
        && Math.min(settings.lanesAtOnce(), fewestLanes) == 1
        && settings.train().batchNormMoments() != TrainSettings.BatchNormMoments.GLOBAL_BATCH
        && FreezeSchedule.of(settings.model()).all().stream()
            .anyMatch(phase -> phase.frozenUpTo().isEmpty());
  }
}
