// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bellows.conf.LayerValue;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.text.SpellingSuggestion;
import org.bellows.conf.text.Words;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.LayerCost;
import org.bellows.models.network.LayerCosts;
import org.bellows.models.network.NetworkCut;
import org.bellows.models.network.NetworkDefinition;

/** Checks the layers that settings name, and the epochs at which they begin to learn. */
final class FrozenLayersCheck {
  private static final String FREEZE = "model.freeze-up-to";
  private static final String UNFREEZE = "model.unfreeze-epochs";
  private static final String RATES = "schedule.group-rates";

  private final Settings.Model model;
  private final List<LayerValue> rates;
  private final int epochs;
  private final NetworkDefinition network;
  private final InputShape input;
  private final int classes;
  private final List<Problem> problems = new ArrayList<>();

  FrozenLayersCheck(FineTuning run) {
    this.model = run.settings().model();
    this.rates = run.settings().schedule().groupRates();
    this.epochs = run.settings().train().epochs();
    this.network = run.network();
    this.input = InputShape.of(model);
    this.classes = run.classes().size();
  }

  List<Problem> problems() {
    if (!model.isFrozen() && model.unfreezeEpochs().isEmpty() && rates.isEmpty()) {
      return List.of();
    }
    if (model.isFrozen() && !model.hasStart()) {
      add(
          FREEZE,
          "is %s, but model.from is empty: layers that were never trained would stay untrained",
          layer());
    }
    if (!model.isFrozen() && !model.unfreezeEpochs().isEmpty()) {
      add(
          UNFREEZE,
          "is %s, but model.freeze-up-to is empty; name the layer that is frozen first",
          Words.and(model.unfreezeEpochs()));
    }
    checkEpochs();
    List<LayerCost> layers = LayerCosts.of(network, input, classes);
    Set<String> known = layers.stream().map(LayerCost::name).collect(Collectors.toSet());
    for (LayerValue rate : rates) {
      checkKnown(RATES, rate.layer(), known);
    }
    if (model.isFrozen() && checkPlaces(known)) {
      checkOrder();
      checkRest();
    }
    return problems;
  }

  /**
   * @param fresh arrays that start from the seed
   */
  List<Problem> problemsOf(List<String> fresh) {
    if (!model.isFrozen() || !places().contains(layer())) {
      return List.of();
    }
    Set<String> frozen = NetworkCut.upTo(network, input, classes, layer());
    List<String> never =
        fresh.stream()
            .filter(array -> frozen.contains(array.substring(0, array.lastIndexOf('_'))))
            .toList();
    return never.isEmpty()
        ? List.of()
        : List.of(
            new Problem(
                FREEZE,
                "is %s, but %s start from the seed and would not learn; name a layer before them, or a model.from that has them"
                    .formatted(layer(), Words.and(never))));
  }

  private String layer() {
    return model.freezeUpTo();
  }

  private void add(String key, String message, Object... values) {
    problems.add(new Problem(key, message.formatted(values)));
  }

  private void checkEpochs() {
    double last = 0;
    for (LayerValue change : model.unfreezeEpochs()) {
      double epoch = change.value();
      if (epoch != Math.rint(epoch)) {
        add(UNFREEZE, "holds %s, allowed: whole epochs", change);
      } else if (epoch <= last) {
        add(
            UNFREEZE,
            "holds %s; allowed: epochs that rise from entry to entry",
            Words.and(model.unfreezeEpochs()));
      } else if (epoch >= epochs) {
        add(
            UNFREEZE,
            "holds %s, but train.epochs = %d: it would never come; allowed: 1 to %d",
            change,
            epochs,
            epochs - 1);
      }
      last = epoch;
    }
  }

  private boolean checkKnown(String key, String name, Set<String> known) {
    if (!known.contains(name)) {
      add(
          key,
          "names \"%s\", a layer that %s does not have%s; models show %s lists them",
          name,
          network.name(),
          SpellingSuggestion.hint(name, known),
          network.name());
      return false;
    }
    return true;
  }

  /** Whether the network can be cut after all layers that are named. */
  private boolean checkPlaces(Set<String> known) {
    boolean all = checkPlace(FREEZE, layer(), known);
    for (LayerValue change : model.unfreezeEpochs()) {
      all &= isNone(change) || checkPlace(UNFREEZE, change.layer(), known);
    }
    return all;
  }

  private boolean checkPlace(String key, String name, Set<String> known) {
    if (!checkKnown(key, name, known)) {
      return false;
    }
    if (!places().contains(name)) {
      add(
          key,
          "names %s, but not all of %s passes through it; allowed: %s",
          name,
          network.name(),
          Words.or(places()));
      return false;
    }
    return true;
  }

  private List<String> places() {
    return NetworkCut.splitPoints(network, input, classes);
  }

  private static boolean isNone(LayerValue change) {
    return change.layer().equals(LayerValue.NONE);
  }

  /** Each change leaves fewer layers frozen. */
  private void checkOrder() {
    String before = layer();
    for (LayerValue change : model.unfreezeEpochs()) {
      boolean lies =
          !before.equals(LayerValue.NONE)
              && (isNone(change)
                  || (!change.layer().equals(before)
                      && NetworkCut.upTo(network, input, classes, before)
                          .contains(change.layer())));
      if (!lies) {
        add(UNFREEZE, "holds %s, which is not before %s; name a layer that is", change, before);
      }
      before = change.layer();
    }
  }

  private void checkRest() {
    NetworkCut cut = NetworkCut.splitAfter(network, input, classes, layer());
    long left =
        LayerCosts.of(cut.rest(), cut.shape(), classes).stream()
            .mapToLong(LayerCost::trainableParameters)
            .sum();
    if (left == 0) {
      add(FREEZE, "is %s, after which there is nothing to learn; name an earlier layer", layer());
    }
  }
}
