// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bellows.conf.BellowsException;
import org.bellows.conf.identity.RunIdentity;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.storage.lease.Fence;
import org.bellows.driver.registry.DatasetDifference;
import org.bellows.driver.registry.Promotion;
import org.bellows.driver.registry.RegisteredModel;
import org.bellows.driver.registry.RegisteredModel.Draft;
import org.bellows.driver.registry.Score;
import org.bellows.driver.registry.VersionCard;
import org.bellows.driver.retrain.Decision.Outcome;
import org.bellows.driver.retrain.PromotionRule.Verdict;
import org.bellows.driver.retrain.RetrainSteps.Trained;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.files.Json;

/**
 * One start of {@code retrain}, by the holder of the lease. Started again after a death at any
 * point it ends as if it had not died: one version and one decision for each dataset.
 */
public final class Retraining {
  private final RegisteredModel model;
  private final DecisionHistory history;
  private final RetrainSetup setup;
  private final RetrainSteps work;
  private final Fence fence;
  private final Consumer<String> progress;

  /**
   * @param fence puts everything in the registry
   */
  public Retraining(
      RegisteredModel model,
      DecisionHistory history,
      RetrainSetup setup,
      RetrainSteps work,
      Fence fence,
      Consumer<String> progress) {
    this.model = model;
    this.history = history;
    this.setup = setup;
    this.work = work;
    this.fence = fence;
    this.progress = progress;
  }

  /**
   * @throws BellowsException (data) when the dataset's classes are not the current version's, or
   *     what training and evaluation throw; (infrastructure) when the current version was changed
   *     meanwhile
   */
  public RetrainResult run() {
    model.removeLeftovers();
    DatasetManifest dataset = work.dataset();
    Optional<RetrainPlan> open = history.open();
    open.filter(plan -> !holds(plan, dataset)).ifPresent(this::abandon);
    Optional<RetrainPlan> goesOn = open.filter(plan -> holds(plan, dataset));
    if (goesOn.isPresent()) {
      progress.accept(
          "resuming decision %d, begun at %s by a start that did not end"
              .formatted(goesOn.get().decision(), goesOn.get().begunAt()));
      return result(decide(goesOn.get(), dataset));
    }
    Optional<Decision> last = history.lastCompared();
    if (last.isPresent() && last.get().datasetSha256().equals(ManifestFile.sha256(dataset))) {
      return unchanged(last.get());
    }
    return result(decide(begin(dataset, last), dataset));
  }

  private RetrainResult unchanged(Decision last) {
    return new RetrainResult(
        "unchanged",
        "the dataset is the one that decision %d was made on (SHA-256 %s); nothing to do"
            .formatted(last.decision(), last.datasetSha256()),
        null,
        current());
  }

  private RetrainResult result(Decision decision) {
    return new RetrainResult(decision.outcome().word(), decision.why(), decision, current());
  }

  private Integer current() {
    return model.pointer().head().map(Promotion::version).orElse(null);
  }

  /** Nothing that the plan rests on has changed since, but what it changed itself. */
  private boolean holds(RetrainPlan plan, DatasetManifest dataset) {
    int head = model.pointer().head().map(Promotion::number).orElse(0);
    return plan.datasetSha256().equals(ManifestFile.sha256(dataset))
        && RunIdentity.differences("the plan", plan.settings(), setup.settings()).isEmpty()
        && (head == plan.base() || isPromoted(plan));
  }

  private boolean isPromoted(RetrainPlan plan) {
    return model.pointer().all().stream()
        .anyMatch(entry -> Integer.valueOf(plan.decision()).equals(entry.decision()));
  }

  private void abandon(RetrainPlan plan) {
    String why =
        "dataset, settings or current version changed before a start came to the end of it";
    progress.accept("decision %d is abandoned: %s".formatted(plan.decision(), why));
    Integer version = model.ofDecision(plan.decision()).orElse(null);
    finish(plan, version, new Verdict(false, why), Outcome.ABANDONED, null);
  }

  private RetrainPlan begin(DatasetManifest dataset, Optional<Decision> last) {
    Optional<Promotion> head = model.pointer().head();
    Integer base = head.map(Promotion::version).orElse(null);
    requireMetric(dataset);
    if (base != null) {
      requireComparable(base, dataset);
    }
    RetrainPlan plan =
        new RetrainPlan(
            RetrainPlan.FORMAT_VERSION,
            history.next(),
            ManifestFile.sha256(dataset),
            setup.dataPath(),
            head.map(Promotion::number).orElse(0),
            base,
            startFrom(base),
            setup.settings(),
            now());
    history.begin(plan, fence);
    last.flatMap(d -> difference(d, dataset))
        .ifPresent(difference -> progress.accept("new data: " + difference.text()));
    return plan;
  }

  /** Old and new are compared by a metric that both have. */
  private void requireMetric(DatasetManifest dataset) {
    boolean isOfPixels = NetworkRegistry.standard().get(setup.network()).isOfPixels();
    Metric metric = setup.rule().metric();
    List<Metric> known = dataset.multiLabel() ? Metrics.ofLabels() : Metrics.ofSamples();
    if (!isOfPixels && !known.contains(metric)) {
      throw BellowsException.configuration(
          "retrain.metric is %s, but an image of the dataset at %s has %s; allowed: %s"
              .formatted(
                  metric.name(),
                  setup.dataPath(),
                  kind(dataset),
                  dataset.multiLabel() ? "map, loss" : "top1, top5, loss"));
    }
  }

  /** Answers to other questions cannot be compared. */
  private void requireComparable(int base, DatasetManifest dataset) {
    DatasetManifest ofBase = DatasetDifference.dataset(model, base);
    if (ofBase.multiLabel() != dataset.multiLabel()) {
      throw BellowsException.data(
          "an image of %s has %s, but one of the dataset of %s:%d, the current version, has %s, so the two cannot be compared; give another registry.name"
              .formatted(setup.dataPath(), kind(dataset), model.name(), base, kind(ofBase)));
    }
    List<String> known = model.card(base).classes();
    boolean isOfPixels = NetworkRegistry.standard().get(setup.network()).isOfPixels();
    List<String> classes = dataset.classNames(isOfPixels);
    if (!known.equals(classes)) {
      throw BellowsException.data(
          "the classes of %s are not those of %s:%d, the current version (%d and %d, or others, or in another order), so the two cannot be compared; give another registry.name"
              .formatted(setup.dataPath(), model.name(), base, classes.size(), known.size()));
    }
  }

  private static String kind(DatasetManifest dataset) {
    return dataset.multiLabel() ? "any number of classes" : "one class";
  }

  private Integer startFrom(Integer base) {
    if (base == null || !setup.startsFromCurrent()) {
      return null;
    }
    String network = model.card(base).network();
    if (!network.equals(setup.network())) {
      progress.accept(
          "training starts from the seed: version %d is a %s, model.name is %s"
              .formatted(base, network, setup.network()));
      return null;
    }
    return base;
  }

  private Decision decide(RetrainPlan plan, DatasetManifest dataset) {
    int version = model.ofDecision(plan.decision()).orElseGet(() -> make(plan, dataset));
    VersionCard card = model.card(version);
    Verdict verdict = setup.rule().judge(card.score(), card.baselineScore());
    if (verdict.promotes() && !isPromoted(plan)) {
      model.promote(plan.base(), version, plan.decision(), "retrain: " + verdict.why(), fence);
    }
    DatasetDifference data =
        history.lastCompared().flatMap(last -> difference(last, dataset)).orElse(null);
    Decision decision =
        finish(plan, version, verdict, verdict.promotes() ? Outcome.PROMOTED : Outcome.KEPT, data);
    work.forgetBefore(plan.decision());
    return decision;
  }

  /** Trains, evaluates both, and publishes. */
  private int make(RetrainPlan plan, DatasetManifest dataset) {
    Score baseline = null;
    if (plan.baseVersion() != null) {
      // First: a current version that cannot be evaluated is known before hours of training.
      progress.accept("evaluating the current version " + plan.baseVersion());
      baseline = Score.of(work.evaluate(model.version(plan.baseVersion()).toString()));
    }
    Optional<Integer> start = startFrom(plan, baseline);
    progress.accept(
        "training for decision %d, from %s"
            .formatted(plan.decision(), start.map(v -> "version " + v).orElse("the seed")));
    Trained trained = work.train(plan.decision(), start.map(model::version));
    Evaluation evaluation = work.evaluate(trained.path());
    Map<String, byte[]> files = new LinkedHashMap<>(trained.files());
    files.put("evaluation.json", Json.pretty(evaluation));
    files.put(DatasetDifference.MANIFEST, Json.pretty(dataset));
    VersionCard card =
        new VersionCard(
            VersionCard.FORMAT_VERSION,
            plan.decision(),
            now(),
            setup.bellowsVersion(),
            trained.model().card().network(),
            trained.model().card().classes(),
            trained.model().card().parametersSha256(),
            plan.datasetSha256(),
            plan.dataPath(),
            start.orElse(null),
            Score.of(evaluation),
            plan.baseVersion(),
            baseline,
            trained.metrics());
    fence.requireHeld();
    int version = model.publish(new Draft(card, trained.model(), files), fence);
    progress.accept("version %d of %s is there".formatted(version, model.name()));
    return version;
  }

  /** Training on from a network that gives no finite answers would never replace it. */
  private Optional<Integer> startFrom(RetrainPlan plan, Score baseline) {
    if (plan.startFrom() != null && !baseline.allFinite()) {
      progress.accept(
          "training starts from the seed: with version %d %s"
              .formatted(plan.startFrom(), baseline.complaint()));
      return Optional.empty();
    }
    return Optional.ofNullable(plan.startFrom());
  }

  private Decision finish(
      RetrainPlan plan, Integer version, Verdict verdict, Outcome outcome, DatasetDifference data) {
    VersionCard card = version == null ? null : model.card(version);
    Decision decision =
        new Decision(
            Decision.FORMAT_VERSION,
            plan.decision(),
            outcome,
            verdict.why(),
            version,
            card == null ? null : card.score(),
            plan.baseVersion(),
            card == null ? null : card.baselineScore(),
            card == null ? plan.startFrom() : card.startedFrom(),
            plan.datasetSha256(),
            data,
            now());
    return history.finish(
        decision, DecisionPage.render(model, decision, history.decisions()), fence);
  }

  /** Empty if the version with the older manifest was removed. */
  private Optional<DatasetDifference> difference(Decision last, DatasetManifest dataset) {
    return model.versions().contains(last.version())
        ? Optional.of(
            DatasetDifference.of(DatasetDifference.dataset(model, last.version()), dataset))
        : Optional.empty();
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
