// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.plan;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.bellows.conf.ScheduleSettings;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.conf.text.Words;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.chart.Series;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.LayerCosts;
import org.bellows.models.network.NetworkCost;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.schedule.LearningRateSchedule;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.collective.reduce.EvenPartition;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.train.TrainingPlan;
import org.bellows.worker.train.cost.SynchronisationCosts;
import org.bellows.worker.train.update.StateArrays;
import org.bellows.worker.tune.FreezeSchedule;
import org.bellows.worker.tune.FreezeSchedule.FreezePhase;
import org.bellows.worker.tune.StartingModel;

/** A forecast of a run from its configuration and, if there is one, its dataset. */
public final class TrainingForecast {
  /** Forward once, backward twice: for the inputs and for the weights of each layer. */
  private static final int PASSES = 3;

  /** The resolution of an epoch while its number of steps is unknown. */
  private static final long NOMINAL_STEPS = 1000;

  private static final long MOST_STEPS_DRAWN = 100_000;

  private final Settings settings;
  private final Optional<TrainingPlan> plan;
  private final MemoryPlan memory;
  private final NetworkCost cost;

  /** Empty where dl4j-spark trains. */
  private final Optional<SynchronisationCosts> synchronisation;

  private final int classes;

  /**
   * @param plan empty where {@code data.path} is not given
   * @throws org.bellows.conf.BellowsException (data) when the split is smaller than a global batch
   */
  public TrainingForecast(Settings settings, Optional<TrainingPlan> plan, MemoryPlan memory) {
    this.settings = settings;
    this.plan = plan;
    this.memory = memory;
    NetworkDefinition network = NetworkRegistry.standard().get(settings.model().name());
    this.classes = plan.map(known -> known.classes().size()).orElse(network.usualClasses());
    InputShape input = InputShape.of(settings.model());
    this.cost = NetworkCost.of(LayerCosts.of(network, input, classes));
    this.synchronisation =
        SynchronisationCosts.of(
            TrainingSettings.of(settings),
            settings.cluster().executors(),
            network.graph(input, classes));
  }

  /** Label to value, in the order of telling. */
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("network", settings.model().name());
    facts.put("input", InputShape.of(settings.model()).toString());
    facts.put(
        "classes",
        plan.isPresent() ? NumberText.count(classes) : classes + ", as published: no data.path");
    facts.put("trainable parameters", NumberText.count(cost.trainableParameters()));
    addStart(facts);
    addBatch(facts);
    addSteps(facts);
    addWeights(facts, "class weights", TrainingPlan::classWeights);
    addWeights(facts, "positive weights", TrainingPlan::positiveWeights);
    addOptimizer(facts);
    addTraffic(facts);
    facts.putAll(memory.facts());
    synchronisation.ifPresent(
        costs -> facts.put("checkpoint", megabytes((double) costs.checkpointBytes())));
    return facts;
  }

  private void addTraffic(Map<String, String> facts) {
    int period = settings.sync().stepsBetweenExchanges();
    if (synchronisation.isEmpty()) {
      facts.put(
          "trained by",
          "dl4j-spark, averaging through the driver every %d steps".formatted(period));
      return;
    }
    OptionalLong bytes = synchronisation.get().sentBytes();
    String sent =
        bytes.isEmpty()
            ? "not forecast: no array holds so many parameters"
            : megabytes((double) bytes.getAsLong()) + " at most";
    if (settings.sync().mode().averages()) {
      facts.put(
          "lanes are averaged", "every %d steps and at the end of an epoch".formatted(period));
      facts.put("sent by an executor each time", sent);
    } else {
      facts.put("sent by an executor in a step", sent);
    }
    int buckets = synchronisation.get().buckets();
    if (buckets > 1) {
      facts.put("gradients leave during the backward pass", overlap(buckets));
    }
    addHosts(facts, synchronisation.get());
  }

  private String overlap(int buckets) {
    String places =
        settings.sync().overlap() == Settings.Overlap.ON
            ? ""
            : ", if executors are on several hosts";
    String epochs =
        FreezeSchedule.of(settings.model()).all().stream()
            .filter(phase -> phase.frozenUpTo().isEmpty())
            .map(FreezePhase::firstEpoch)
            .findFirst()
            .filter(first -> first > 0)
            .map("; from epoch %d on, and after the pass while layers are frozen"::formatted)
            .orElse("");
    return "in %d buckets%s%s".formatted(buckets, places, epochs);
  }

  /** Executors of one host add up among themselves: more of them send no more to other hosts. */
  private void addHosts(Map<String, String> facts, SynchronisationCosts costs) {
    int executors = settings.cluster().executors();
    List<String> hosts = new ArrayList<>();
    for (int onHost = 2; onHost <= executors / 2; onHost *= 2) {
      OptionalLong leaving = costs.sentBytesOfHost(onHost);
      if (leaving.isPresent()) {
        hosts.add(
            "%s with %d executors on it"
                .formatted(megabytes((double) leaving.getAsLong()), onHost));
      }
    }
    if (!hosts.isEmpty()) {
      facts.put("of it to other hosts, by a host", Words.and(hosts));
    }
  }

  private void addStart(Map<String, String> facts) {
    Settings.Model model = settings.model();
    if (plan.isPresent() && plan.get().start().isPresent()) {
      StartingModel start = plan.get().start();
      facts.put("starts from", model.from());
      facts.put("arrays taken", NumberText.count(start.taken().size()));
      facts.put("arrays new from the seed", Words.and(start.fresh()));
    }
    if (model.isFrozen()) {
      facts.put("frozen up to", model.freezeUpTo());
    }
    if (!model.unfreezeEpochs().isEmpty()) {
      facts.put("frozen only up to, from epoch", Words.and(model.unfreezeEpochs()));
    }
  }

  private void addBatch(Map<String, String> facts) {
    TrainSettings train = settings.train();
    int executors = settings.cluster().executors();
    facts.put(
        "global batch",
        "%s = %d lanes x %d"
            .formatted(NumberText.count(train.globalBatch()), train.lanes(), train.laneBatch()));
    IndexRange most = EvenPartition.of(train.lanes(), executors - 1, executors);
    int atOnce = settings.cluster().lanesAtOnce();
    facts.put(
        "executors",
        "%d, with up to %d lanes each%s"
            .formatted(
                executors, most.length(), atOnce == 1 ? "" : ", %d at once".formatted(atOnce)));
    facts.put(
        "multiply-adds in a step",
        String.format(Locale.ROOT, "%.3g", (double) PASSES * cost.flops() * train.globalBatch()));
  }

  private void addSteps(Map<String, String> facts) {
    if (plan.isEmpty()) {
      facts.put("steps", "unknown without data.path; epochs: " + settings.train().epochs());
      return;
    }
    TrainingPlan known = plan.get();
    facts.put("data", settings.data().path());
    facts.put("training images", NumberText.count(known.sampleOrder().samples()));
    facts.put(
        "steps",
        "%s x %d epochs = %s"
            .formatted(
                NumberText.count(known.stepsPerEpoch()),
                settings.train().epochs(),
                NumberText.count(known.totalSteps())));
  }

  private void addWeights(
      Map<String, String> facts, String name, Function<TrainingPlan, List<Double>> byClass) {
    DoubleSummaryStatistics weights =
        plan.stream()
            .flatMap(known -> byClass.apply(known).stream())
            .mapToDouble(Double::doubleValue)
            .summaryStatistics();
    if (weights.getCount() > 0) {
      facts.put(
          name,
          NumberText.decimal(weights.getMin()) + " to " + NumberText.decimal(weights.getMax()));
    }
  }

  private void addOptimizer(Map<String, String> facts) {
    LearningRateSchedule schedule = schedule();
    facts.put(
        "optimizer",
        "%s, state arrays: %d"
            .formatted(
                settings.optimizer().name().name().toLowerCase(Locale.ROOT),
                StateArrays.of(TrainingSettings.of(settings)).count()));
    facts.put("learning rate, first step", NumberText.decimal(schedule.at(0)));
    if (schedule.warmupSteps() > 0) {
      facts.put(
          "learning rate after the warmup",
          "%s from epoch %s on"
              .formatted(
                  NumberText.decimal(schedule.at(schedule.warmupSteps())),
                  NumberText.decimal(schedule.warmupSteps() / (double) stepsPerEpoch())));
      if (!schedule.warmsUp()) {
        facts.put("warmup", withoutEffect());
      }
    }
    facts.put("learning rate, last step", NumberText.decimal(schedule.at(totalSteps() - 1)));
  }

  private String withoutEffect() {
    ScheduleSettings schedule = settings.schedule();
    return "has no effect: the scaled rate is not above schedule.base-lr (%s); schedule.base-batch is %d, and schedule.scaling is %s"
        .formatted(
            NumberText.decimal(schedule.baseLr()),
            schedule.baseBatch(),
            schedule.scaling().name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  private long stepsPerEpoch() {
    return plan.map(TrainingPlan::stepsPerEpoch).orElse(NOMINAL_STEPS);
  }

  private long totalSteps() {
    return stepsPerEpoch() * settings.train().epochs();
  }

  private LearningRateSchedule schedule() {
    TrainSettings train = settings.train();
    return new LearningRateSchedule(
        settings.schedule(), train.globalBatch(), stepsPerEpoch(), train.epochs());
  }

  /** Whether the curve counts steps; else epochs. */
  public boolean countsSteps() {
    return plan.isPresent();
  }

  /** The rate of each step, or of as many as can be distinguished. */
  public Series learningRate() {
    LearningRateSchedule schedule = schedule();
    long stride = Math.max(1, totalSteps() / MOST_STEPS_DRAWN);
    int points = (int) ((totalSteps() + stride - 1) / stride);
    double[] x = new double[points];
    double[] y = new double[points];
    for (int i = 0; i < points; i++) {
      long step = i * stride;
      x[i] = countsSteps() ? step : step / (double) NOMINAL_STEPS;
      y[i] = schedule.at(step);
    }
    return new Series("learning rate", x, y);
  }

  private static String megabytes(double bytes) {
    return NumberText.decimal(bytes / 1e6) + " MB";
  }
}
