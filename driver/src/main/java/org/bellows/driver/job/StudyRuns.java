// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.study.Study;
import org.bellows.conf.study.Study.Arm;

/** The trainings of a study with their settings, all read and checked before the first begins. */
public final class StudyRuns {
  private final Map<String, List<StudyRun>> byArm = new TreeMap<>();
  private final List<StudyRun> all = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  /** One training. */
  record StudyRun(String title, Settings settings) {}

  /**
   * @param output folder of the study
   * @param load settings with these assignments on top of everything else
   * @throws ConfigurationException with every problem of every training
   */
  public StudyRuns(Study study, String output, Function<List<String>, Settings> load) {
    for (Arm arm : study.arms()) {
      addArm(study, arm, output + "/runs/" + arm.folder(), load);
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  private void addArm(Study study, Arm arm, String folder, Function<List<String>, Settings> load) {
    List<String> set = new ArrayList<>(arm.set());
    arm.teacherSet()
        .ifPresent(
            teacherSet -> {
              String teacher = folder + "-teacher";
              add(arm.name() + ", its teacher", teacherSet, study.seeds().get(0), teacher, load);
              set.add("loss.teacher=" + teacher);
            });
    List<StudyRun> runs = new ArrayList<>();
    for (long seed : study.seeds()) {
      runs.add(add(arm.name() + ", seed " + seed, set, seed, folder + "/seed-" + seed, load));
    }
    byArm.put(arm.name(), runs);
  }

  private StudyRun add(
      String title,
      List<String> set,
      long seed,
      String folder,
      Function<List<String>, Settings> load) {
    List<String> last = new ArrayList<>(set);
    last.add("train.seed=" + seed);
    last.add("output.path=" + folder);
    try {
      StudyRun run = new StudyRun(title, load.apply(last));
      all.add(run);
      return run;
    } catch (ConfigurationException e) {
      e.problems().forEach(p -> problems.add(new Problem(title + ": " + p.key(), p.message())));
      return null;
    }
  }

  /** In the order in which they can run. */
  List<StudyRun> all() {
    return all;
  }

  /** One for each seed. */
  List<StudyRun> of(Arm arm) {
    return byArm.get(arm.name());
  }

  /** The split that all are evaluated on. */
  String split() {
    return all.get(0).settings().train().validationSplit();
  }
}
