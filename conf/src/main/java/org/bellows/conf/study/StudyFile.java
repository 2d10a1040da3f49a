// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.study;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.File;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Problem;
import org.bellows.conf.load.ConfigText;
import org.bellows.conf.study.Study.Arm;
import org.bellows.conf.text.SpellingSuggestion;
import org.bellows.conf.text.Words;

/**
 * Reads studies, HOCON:
 *
 * <pre>
 * question = "..."
 * profile = lenet5-fashion-mnist
 * set = ["train.epochs=5"]
 * seeds = [1, 2, 3]
 * arms = [
 *   { name = plain, group = "all", set = [] }
 *   { name = distilled, group = "all", set = [...], teacher-set = ["train.epochs=20"] }
 * ]
 * </pre>
 */
public final class StudyFile {
  private static final List<String> SHIPPED =
      List.of("arithmetic", "augmentations", "large-batch", "residual", "response-norm", "tricks");

  /** As many colours as a chart has for lines beside the baseline's. */
  public static final int MOST_ARMS_IN_A_GROUP = 4;

  private final String name;
  private final Config config;
  private final List<Problem> problems = new ArrayList<>();

  private StudyFile(String name, Config config) {
    this.name = name;
    this.config = config;
  }

  public static List<String> shipped() {
    return SHIPPED;
  }

  /**
   * @param study name of a shipped study, or path of a local {@code .conf} file
   * @throws ConfigurationException with every problem found
   */
  public static Study read(String study) {
    File file = new File(study);
    if (!SHIPPED.contains(study) && !file.isFile()) {
      String hint = SpellingSuggestion.hint(study, SHIPPED);
      throw problem(
          "study",
          "\"%s\" is neither a file nor one of %s%s".formatted(study, Words.and(SHIPPED), hint));
    }
    try {
      return SHIPPED.contains(study)
          ? new StudyFile(study, resource(study)).study()
          : new StudyFile(file.getName().replaceFirst("\\.conf$", ""), ConfigText.parse(file))
              .study();
    } catch (ConfigException e) {
      throw problem("study", "cannot read " + study + ": " + e.getMessage());
    }
  }

  private static ConfigurationException problem(String key, String message) {
    return new ConfigurationException(List.of(new Problem(key, message)));
  }

  private static Config resource(String study) {
    return ConfigFactory.parseURL(
        Objects.requireNonNull(StudyFile.class.getResource("/studies/" + study + ".conf"), study),
        ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false));
  }

  private Study study() {
    List<Arm> arms = config.getConfigList("arms").stream().map(StudyFile::arm).toList();
    Study study =
        new Study(
            name,
            config.getString("question"),
            config.getString("profile"),
            config.getStringList("set"),
            List.copyOf(config.getLongList("seeds")),
            arms);
    check(study);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return study;
  }

  private static Arm arm(Config config) {
    return new Arm(
        config.getString("name"),
        config.getString("group"),
        config.getStringList("set"),
        config.hasPath("teacher-set")
            ? Optional.of(config.getStringList("teacher-set"))
            : Optional.empty());
  }

  private void check(Study study) {
    if (study.seeds().isEmpty() || new HashSet<>(study.seeds()).size() < study.seeds().size()) {
      problems.add(
          new Problem("seeds", "are " + Words.and(study.seeds()) + "; expected some, each once"));
    }
    if (study.arms().isEmpty()) {
      problems.add(new Problem("arms", "are none, expected at least one"));
    }
    Set<String> folders = new HashSet<>();
    for (Arm arm : study.arms()) {
      if (!folders.add(arm.folder())) {
        problems.add(
            new Problem("arms", "two would run in the same folder, %s".formatted(arm.folder())));
      }
    }
    for (String group : study.groups()) {
      long members = study.arms().stream().filter(arm -> arm.group().equals(group)).count();
      if (members > MOST_ARMS_IN_A_GROUP) {
        problems.add(
            new Problem(
                "arms",
                "group \"%s\" has %d, at most %d share a chart"
                    .formatted(group, members, MOST_ARMS_IN_A_GROUP)));
      }
    }
  }
}
