package org.bellows.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

  private static boolean covers(String key, String leaf) {
    return leaf.equals(key) || leaf.startsWith(key + ".");
  }

  /**
   * @param there identity of what lies at the place
   * @param asked identity of what is asked for
   * @return a sentence for each key that differs
   */
  public static List<Problem> differences(
      String place, Map<String, String> there, Map<String, String> asked) {
    Map<String, String> all = new TreeMap<>(there);
    all.putAll(asked);
    List<Problem> problems = new ArrayList<>();
    for (String key : all.keySet()) {
      String before = there.getOrDefault(key, "nothing");
      String now = asked.getOrDefault(key, "nothing");
      if (!before.equals(now)) {
        problems.add(
            new Problem(
                key,
                "is %s, but the run in %s has %s; resume it with that, or give another output.path"
                    .formatted(now, place, before)));
      }
    }
    return problems;
  }
}
