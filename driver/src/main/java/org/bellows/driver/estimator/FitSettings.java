// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.baseline.Dl4jSparkTrainers;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.registry.StepEngines;

/**
 * The settings of a run, from what an estimator was given.
 *
 * @param profile or null
 * @param stated each {@code key=value}, of the parameter {@code settings}
 * @param ofParameters the same of parameters that stand for one setting
 * @param hasIndicator whether a column says which rows are for validation
 * @param areSeveral whether a row has any number of labels
 * @param workPath blank: not given
 */
record FitSettings(
    String profile,
    List<String> stated,
    List<String> ofParameters,
    boolean hasIndicator,
    boolean areSeveral,
    String workPath) {
  private static final String VALIDATION = "train.validation-split";
  private static final String EXECUTORS = "cluster.executors";

  /** Keys, or beginnings of keys, that {@code settings} may not hold, and who decides instead. */
  private static final List<List<String>> DECIDED =
      List.of(
          List.of("data.path", "which workPath decides"),
          List.of("output.path", "which workPath decides"),
          List.of("source.mask-column", "which maskCol decides"),
          List.of("model.path", "which names a model that evaluate and predict load"),
          List.of("train.split", "which validationIndicatorCol decides"));

  /** What goes with any number of labels, where neither profile nor settings say more. */
  private static final List<String> OF_SEVERAL =
      List.of("loss.function=binary-cross-entropy", "train.best-metric=map");

  /** Of {@code source}, what says what masks mean. */
  private static final Set<String> OF_MASKS = Set.of("source.pixel-classes");

  /**
   * Without the paths of dataset and run.
   *
   * @param executors of the session
   * @throws org.bellows.conf.ConfigurationException with all that is wrong
   */
  Settings load(int executors) {
    return load(executors, "/pending", "/pending");
  }

  /**
   * @param dataPath of the prepared rows
   * @param outputPath of the run
   */
  Settings load(int executors, String dataPath, String outputPath) {
    List<String> last = new ArrayList<>(ofParameters);
    last.add("data.path=" + dataPath);
    last.add("output.path=" + outputPath);
    // A profile may name others.
    last.add("train.split=train");
    last.add("source.mask-column=");
    last.add("source.labels=" + (areSeveral ? "multiple" : "single"));
    if (!isStated(EXECUTORS)) {
      last.add(EXECUTORS + "=" + executors);
    }
    if (!isStated(VALIDATION)) {
      last.add(VALIDATION + "=" + (hasValidation() ? "validation" : ""));
    }
    return new SettingsLoader()
        .set(areSeveral ? OF_SEVERAL : List.of())
        .profile(profile)
        .set(stated)
        .set(last)
        .load(
            List.of("model.name"),
            List.of(
                settings -> problems(),
                settings -> NetworkRegistry.standard().check(settings.model()),
                settings -> StepEngines.standard().check(settings.train(), settings.cluster()),
                Dl4jSparkTrainers::check));
  }

  /** Whether some rows will be for validation. */
  private boolean hasValidation() {
    return hasIndicator
        || stated.stream()
            .anyMatch(one -> one.strip().startsWith("prepare.split") && one.contains("validation"));
  }

  private boolean isStated(String key) {
    return stated.stream().anyMatch(one -> key(one).equals(key));
  }

  private static String key(String assignment) {
    int equals = assignment.indexOf('=');
    return equals < 0 ? assignment.strip() : assignment.substring(0, equals).strip();
  }

  private List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    if (workPath.isBlank()) {
      problems.add(new Problem("workPath", "is not set; datasets and runs are written below it"));
    }
    for (String assignment : stated) {
      String key = key(assignment);
      for (List<String> decided : DECIDED) {
        if (key.equals(decided.get(0))) {
          problems.add(new Problem("settings", "holds %s, %s".formatted(key, decided.get(1))));
        }
      }
      boolean isOfSource = key.startsWith("source.") && !key.startsWith("source.mask-");
      if (isOfSource && !OF_MASKS.contains(key)) {
        problems.add(new Problem("settings", "holds %s, but the rows are read".formatted(key)));
      }
      ofParameters.stream()
          .map(FitSettings::key)
          .filter(key::equals)
          .forEach(
              twice ->
                  problems.add(
                      new Problem(
                          "settings",
                          "holds %s, and a parameter of its own is set for it; allowed: one of the two"
                              .formatted(twice))));
    }
    return problems;
  }
}
