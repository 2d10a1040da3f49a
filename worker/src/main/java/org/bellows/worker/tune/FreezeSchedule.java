// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.tune;

import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.LayerValue;
import org.bellows.conf.Settings;

/**
 * Which layers are frozen in which epochs.
 *
 * @param all by rising first epoch, of which the first is 0
 */
public record FreezeSchedule(List<FreezePhase> all) {

  /**
   * @param firstEpoch that it holds in, from 0
   * @param frozenUpTo the last layer that does not learn; empty: all layers learn
   */
  public record FreezePhase(int firstEpoch, String frozenUpTo) {}

  public static FreezeSchedule of(Settings.Model model) {
    List<FreezePhase> all = new ArrayList<>();
    all.add(new FreezePhase(0, model.freezeUpTo()));
    for (LayerValue change : model.unfreezeEpochs()) {
      String layer = change.layer().equals(LayerValue.NONE) ? "" : change.layer();
      all.add(new FreezePhase((int) change.value(), layer));
    }
    return new FreezeSchedule(List.copyOf(all));
  }

  /** Null after the last. */
  public FreezePhase after(FreezePhase phase) {
    int next = all.indexOf(phase) + 1;
    return next == all.size() ? null : all.get(next);
  }

  public FreezePhase at(int epoch) {
    FreezePhase current = all.get(0);
    for (FreezePhase phase : all) {
      if (phase.firstEpoch() <= epoch) {
        current = phase;
      }
    }
    return current;
  }
}
