// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.shard.LargestPicture;
import org.bellows.driver.spark.ExecutorLimits;
import org.bellows.models.network.ConfiguredNetwork;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.forecast.ExecutorMemory;
import org.bellows.worker.forecast.MemoryForecast;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.train.TrainingPlan;

/** The memory that an executor needs, beside its limits. */
public final class MemoryPlan {
  static final String DEVICE = "executor's GPU memory";

  private final Settings settings;

  /** Empty where dl4j-spark trains: it takes what it takes. */
  private final Optional<ExecutorMemory> forecast;

  private final ExecutorLimits limits;

  private MemoryPlan(Settings settings, Optional<ExecutorMemory> forecast, ExecutorLimits limits) {
    this.settings = settings;
    this.forecast = forecast;
    this.limits = limits;
  }

  /**
   * @param plan empty where {@code data.path} is not given
   */
  public static MemoryPlan of(
      Configuration hadoop, Settings settings, Optional<TrainingPlan> plan, ExecutorLimits limits) {
    if (!settings.sync().mode().runsOnRanks()) {
      return new MemoryPlan(settings, Optional.empty(), limits);
    }
    NetworkRegistry networks = NetworkRegistry.standard();
    NetworkDefinition network = networks.get(settings.model().name());
    Optional<NetworkDefinition> teacher =
        settings.loss().hasTeacher()
            ? Optional.of(
                networks.get(TrainedModel.read(hadoop, settings.loss().teacher()).card().network()))
            : Optional.empty();
    ExecutorMemory needed =
        MemoryForecast.of(
            TrainingSettings.of(settings),
            settings.cluster().executors(),
            plan.map(TrainingPlan::network)
                .orElseGet(
                    () ->
                        ConfiguredNetwork.of(
                            network, settings.model(), settings.loss(), settings.train())),
            plan.map(known -> known.classes().size()).orElse(network.usualClasses()),
            teacher,
            plan.map(known -> samples(hadoop, known)).orElse(MemoryForecast.Samples.UNKNOWN));
    return new MemoryPlan(settings, Optional.of(needed), limits);
  }

  private static MemoryForecast.Samples samples(Configuration hadoop, TrainingPlan plan) {
    TrainSettings train = plan.settings().train();
    return new MemoryForecast.Samples(
        plan.manifest().split(train.split()).bytes(),
        train.validationSplit().isBlank()
            ? 0
            : plan.manifest().split(train.validationSplit()).samples(),
        largest(hadoop, plan, train.split()),
        largest(hadoop, plan, train.validationSplit()));
  }

  private static Optional<LargestPicture> largest(
      Configuration hadoop, TrainingPlan plan, String split) {
    return plan.isOfPixels() && !split.isBlank()
        ? Optional.of(
            LargestPicture.of(hadoop, plan.settings().data().path(), plan.manifest().split(split)))
        : Optional.empty();
  }

  /** Label to value, in the order of telling. */
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    if (forecast.isEmpty()) {
      facts.put("executor's memory", "not forecast: it is dl4j-spark's");
      return facts;
    }
    ExecutorMemory needed = forecast.get();
    facts.put("executor's heap", text(needed.heap(), needed.heapBytes(), limits.heap()));
    facts.put(
        "executor's memory off heap",
        text(needed.offHeap(), needed.offHeapBytes(), limits.offHeap()));
    if (!needed.device().isEmpty()) {
      facts.put(DEVICE, deviceText(needed.device()));
    }
    return facts;
  }

  /** How much the executors' devices have is known when executors take them. */
  static String deviceText(Map<String, Long> parts) {
    long sum = parts.values().stream().mapToLong(Long::longValue).sum();
    return "%s MiB, estimated: %s".formatted(MemoryLimits.mebibytes(sum), list(parts));
  }

  private static String text(Map<String, Long> parts, long needed, ExecutorLimits.Limit limit) {
    String most =
        limit.bytes() == Long.MAX_VALUE
            ? limit.key()
            : MemoryLimits.mebibytes(limit.bytes()) + " MiB";
    return "%s MiB of %s: %s".formatted(MemoryLimits.mebibytes(needed), most, list(parts));
  }

  private static String list(Map<String, Long> parts) {
    return parts.entrySet().stream()
        .map(part -> "%s %s".formatted(part.getKey(), MemoryLimits.mebibytes(part.getValue())))
        .collect(Collectors.joining(", "));
  }

  /**
   * @throws BellowsException (configuration) with both numbers and what to change, when an executor
   *     would not fit
   */
  public void requireFit() {
    forecast.ifPresent(this::requireFit);
  }

  private void requireFit(ExecutorMemory needed) {
    MemoryLimits.require(
        "an executor that trains %s in lane batches of %d"
            .formatted(settings.model().name(), settings.train().laneBatch()),
        needed,
        limits,
        lower());
  }

  /** Smaller lane batches are more lanes, each with parameters of its own where it goes its way. */
  private String lower() {
    return settings.sync().mode().hasReplicas()
        ? "lower evaluate.batch, or share the lanes among more executors (cluster.executors):"
            + " with sync.mode = averaging each has parameters and optimizer state of its own"
        : settings.cluster().lanesAtOnce() > 1
            ? "lower cluster.lanes-at-once, train.lane-batch or evaluate.batch"
            : "lower train.lane-batch or evaluate.batch";
  }
}
