package org.bellows.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The settings that a run's result is a function of. Two runs whose identities are equal (and that
 * read the same dataset) end with the same parameters; a run can only be resumed under its own
 * identity. Where it runs, how it is watched and how often it is saved take no part.
 */
public final class RunIdentity {
  private static final List<String> KEYS =
      List.of(
          "augment",
          "cluster.cores-per-executor",
          "data.shuffle-window-samples",
          "loss.class-weights",
          "loss.label-smoothing",
          "loss.teacher-share",
          "loss.teacher-temperature",
          "model.channels",
          "model.freeze-up-to",
          "model.height-pixels",
          "model.name",
          "model.unfreeze-epochs",
          "model.width-pixels",
          "optimizer",
          "schedule",
          "sync.mode",
          "sync.wire",
          "train.device",
          "train.early-stopping-epochs",
          "train.epochs",
          "train.global-batch",
          "train.lane-batch",
          "train.max-samples",
          "train.save",
          "train.seed",
          "train.split",
          "train.step-engine");

  /**
   * What evaluations depend on: part of the identity where they decide when to end or what to keep.
   */
  private static final List<String> EVALUATION_KEYS =
      List.of(
          "evaluate.batch",
          "train.best-metric",
          "train.evaluate-every-epochs",
          "train.validation-split");

  /** What only averaging depends on. */
  private static final String PERIOD_KEY = "sync.period-steps";

  /** What only upstream's averaging depends on. */
  private static final String EXECUTORS_KEY = "cluster.executors";

  private RunIdentity() {}

  /** Key to rendered value, leaves only, sorted. */
  public static Map<String, String> of(Settings settings) {
    List<String> keys = new ArrayList<>(KEYS);
    if (settings.train().evaluationDecides()) {
      keys.addAll(EVALUATION_KEYS);
    }
    switch (settings.sync().mode()) {
      case EVERY_STEP -> {}
      case AVERAGING -> keys.add(PERIOD_KEY);
      case DL4J_SPARK -> keys.addAll(List.of(PERIOD_KEY, EXECUTORS_KEY));
    }
    Map<String, String> identity = new TreeMap<>();
    SettingsText.flat(settings)
        .forEach(
            (key, value) -> {
              if (keys.stream().anyMatch(known -> covers(known, key))) {
                identity.put(key, String.valueOf(value));
              }
            });
    return identity;
  }

  /** Whether the result of some run depends on a setting. */
  static boolean isKey(String setting) {
    return Stream.of(KEYS, EVALUATION_KEYS, List.of(PERIOD_KEY, EXECUTORS_KEY))
        .flatMap(List::stream)
        .anyMatch(key -> covers(key, setting));
  }

  private static boolean covers(String key, String leaf) {
    return leaf.equals(key) || leaf.startsWith(key + ".");
  }

  /** As below, by what became of keys since the first release. */
  public static List<Problem> differences(
      String place, Map<String, String> there, Map<String, String> asked) {
    return differences(place, there, asked, KeyHistory.standard());
  }

  /**
   * @param there identity of what lies at the place; an older build may have written it
   * @param asked identity of what is asked for
   * @return a sentence for each key that differs
   */
  public static List<Problem> differences(
      String place, Map<String, String> there, Map<String, String> asked, KeyHistory history) {
    Map<String, String> earlier = history.inTodaysTerms(there, asked.keySet());
    Map<String, String> all = new TreeMap<>(earlier);
    all.putAll(asked);
    List<Problem> problems = new ArrayList<>();
    for (String key : all.keySet()) {
      String before = earlier.getOrDefault(key, "nothing");
      String now = asked.getOrDefault(key, "nothing");
      if (!before.equals(now)) {
        problems.add(new Problem(key, difference(place, before, now, history.removed(key))));
      }
    }
    return problems;
  }

  private static String difference(
      String place, String before, String now, Optional<KeyHistory.Removed> removed) {
    return removed
        .map(
            entry ->
                "is no setting since %s, which behaves by %s, but the run in %s has %s; end it with the Bellows that began it, or give another output.path"
                    .formatted(entry.since(), entry.value(), place, before))
        .orElseGet(
            () ->
                "is %s, but the run in %s has %s; resume it with that, or give another output.path"
                    .formatted(now, place, before));
  }
}
