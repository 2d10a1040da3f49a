// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bellows.conf.LayerValue;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.augment.Augmentations;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.LayerDepths;
import org.bellows.models.network.NetworkCut;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.parallel.LaneMeeting;
import org.bellows.worker.parallel.VectorParts;
import org.bellows.worker.tune.FeatureCache;
import org.bellows.worker.tune.FreezeSchedule;
import org.bellows.worker.tune.FreezeSchedule.FreezePhase;
import org.bellows.worker.tune.FullTraining;
import org.bellows.worker.tune.ParameterGroups;
import org.bellows.worker.tune.TailTraining;
import org.bellows.worker.tune.TrainableNetwork;

/** The layers that learn in the current epoch, according to the plan. */
final class TrainableNetworks implements AutoCloseable {
  private final TrainingPlan plan;
  private final LaneNetwork network;
  private final FreezeSchedule phases;
  private final int atOnce;
  private final VectorParts parts;
  private final Optional<LaneMeeting> meeting;
  private final boolean ownParameters;
  private final List<TrainableNetwork> networks = new ArrayList<>();
  private FreezePhase phase;

  /**
   * @param network the caller's to close
   * @param step that comes first
   * @param atOnce lanes that are in work at the same time
   * @param parts divides the elements of parameters and gradients
   * @param meeting where these meet in the middle of a pass, if they do
   */
  TrainableNetworks(
      TrainingPlan plan,
      LaneNetwork network,
      long step,
      int atOnce,
      VectorParts parts,
      Optional<LaneMeeting> meeting) {
    this.plan = plan;
    this.network = network;
    this.atOnce = atOnce;
    this.parts = parts;
    this.meeting = meeting;
    this.ownParameters = plan.settings().sync().mode().averages();
    this.phases = FreezeSchedule.of(plan.settings().model());
    enter((int) (step / plan.stepsPerEpoch()));
  }

  /**
   * @return whether the set of trainable layers has changed
   */
  synchronized boolean enter(int epoch) {
    FreezePhase now = phases.at(epoch);
    if (now.equals(phase)) {
      return false;
    }
    close();
    phase = now;
    networks.add(learner(now));
    if (atOnce == 1) {
      // Lanes beside one another have no processors to spare.
      current().network().divideCopies(parts);
    }
    while (networks.size() < atOnce) {
      networks.add(current().beside(ownParameters));
    }
    meeting.ifPresent(where -> meet(where));
    return true;
  }

  private void meet(LaneMeeting where) {
    for (int place = 0; place < networks.size(); place++) {
      networks.get(place).network().meet(where.at(place));
    }
  }

  /** The step at which the set of trainable layers changes, or the run ends. */
  long until() {
    FreezePhase next = phases.after(phase);
    return next == null
        ? plan.totalSteps()
        : Math.min(plan.totalSteps(), next.firstEpoch() * plan.stepsPerEpoch());
  }

  TrainableNetwork current() {
    return networks.get(0);
  }

  /**
   * The network of one of the lanes that are computed at the same time; 0: {@link #current}. Where
   * each lane takes steps of its own they have parameters of their own, else those of the first.
   */
  TrainableNetwork current(int place) {
    return networks.get(place);
  }

  private TrainableNetwork learner(FreezePhase of) {
    if (of.frozenUpTo().isEmpty()) {
      return new FullTraining(network);
    }
    TrainingSettings settings = plan.settings();
    NetworkCut cut = cut(of);
    // A layer's output is cached by sample; labels of pixels are in the sample itself.
    boolean fixed = Augmentations.areFixed(settings.augment()) && !plan.targets().ofPixels();
    long samples = plan.manifest().split(settings.train().split()).samples();
    Optional<FeatureCache> cache =
        fixed && settings.model().frozenCacheMebibytes() > 0
            ? Optional.of(
                FeatureCache.of(settings.model(), settings.data(), samples, cut.shape().elements()))
            : Optional.empty();
    return new TailTraining(network, cut, EngineRequest.of(settings.train()), fixed, cache);
  }

  private NetworkCut cut(FreezePhase of) {
    return NetworkCut.splitAfter(plan.network(), plan.input(), classes(), of.frozenUpTo());
  }

  private int classes() {
    return plan.classes().size();
  }

  /** How each array learns in the current phase. */
  ParameterGroups groups() {
    FlatLayout layout = current().layout();
    int arrays = layout.segments().size();
    double[] factors = new double[arrays];
    Arrays.fill(factors, 1);
    List<LayerValue> rates = new ArrayList<>(plan.settings().schedule().groupRates());
    // From the last to the first, which then counts.
    for (int i = rates.size() - 1; i >= 0; i--) {
      Set<String> group =
          NetworkCut.upTo(plan.network(), plan.input(), classes(), rates.get(i).layer());
      for (int array = 0; array < arrays; array++) {
        if (group.contains(layout.segments().get(array).layer())) {
          factors[array] = rates.get(i).value();
        }
      }
    }
    decayByDepth(layout, factors);
    return new ParameterGroups(layout, factors, firstSteps(layout));
  }

  private void decayByDepth(FlatLayout layout, double[] factors) {
    double decay = plan.settings().schedule().layerDecay();
    if (decay == 1) {
      return;
    }
    LayerDepths depths = LayerDepths.of(plan.network(), plan.input(), classes());
    for (int array = 0; array < factors.length; array++) {
      String layer = layout.segments().get(array).layer();
      factors[array] *= Math.pow(decay, depths.behind(layer));
    }
  }

  private long[] firstSteps(FlatLayout layout) {
    long[] first = new long[layout.segments().size()];
    for (FreezePhase each : phases.all()) {
      Set<String> idle = each.frozenUpTo().isEmpty() ? Set.of() : cut(each).frozenLayers();
      FreezePhase next = phases.after(each);
      for (int array = 0; array < first.length && next != null; array++) {
        if (idle.contains(layout.segments().get(array).layer())) {
          first[array] = next.firstEpoch() * plan.stepsPerEpoch();
        }
      }
    }
    return first;
  }

  @Override
  public synchronized void close() {
    for (int i = networks.size() - 1; i >= 0; i--) {
      networks.get(i).close();
    }
    networks.clear();
  }
}
