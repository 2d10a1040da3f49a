package org.bellows.worker.tune;

import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.AtLayer;
import org.bellows.conf.Settings;

/**
 * What is frozen when.
 *
 * @param all by rising first epoch, of which the first is 0
 */
public record Phases(List<Phase> all) {

  /**
   * @param firstEpoch that it holds in, from 0
   * @param frozenUpTo the last layer that does not learn; empty: all layers learn
   */
  public record Phase(int firstEpoch, String frozenUpTo) {}

  public static Phases of(Settings.Model model) {
    List<Phase> all = new ArrayList<>();
    all.add(new Phase(0, model.freezeUpTo()));
    for (AtLayer change : model.unfreezeEpochs()) {
      String layer = change.layer().equals(AtLayer.NONE) ? "" : change.layer();
      all.add(new Phase((int) change.value(), layer));
    }
    return new Phases(List.copyOf(all));
  }

  /** Null after the last. */
  public Phase after(Phase phase) {
    int next = all.indexOf(phase) + 1;
    return next == all.size() ? null : all.get(next);
  }

  public Phase at(int epoch) {
    Phase current = all.get(0);
    for (Phase phase : all) {
      if (phase.firstEpoch() <= epoch) {
        current = phase;
      }
    }
    return current;
  }
}
