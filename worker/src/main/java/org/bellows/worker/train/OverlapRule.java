// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import org.bellows.conf.Settings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.worker.collective.Hosts;

/**
 * When gradients are sent while the backward pass still runs ({@code sync.overlap}). The answer is
 * the same on all ranks, and changes no bit of the result.
 */
final class OverlapRule {
  private OverlapRule() {}

  /**
   * Within one host processors are the limit, and there is nothing to wait for beside them. Nothing
   * can be sent before the end of a pass where lanes meet in it, which is an exchange, too, or
   * where every rank computes several lanes at the same time.
   */
  static boolean overlaps(TrainingSettings settings, Hosts hosts) {
    int ranks = hosts.first(hosts.count());
    boolean isWanted =
        switch (settings.sync().overlap()) {
          case AUTO -> hosts.count() > 1;
          case ON -> ranks > 1;
          case OFF -> false;
        };
    int fewestLanes = settings.train().lanes() / ranks;
    return isWanted
        && Math.min(settings.lanesAtOnce(), fewestLanes) == 1
        && settings.train().batchNormMoments() != Settings.BatchNormMoments.GLOBAL_BATCH;
  }
}
