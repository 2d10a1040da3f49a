// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.option;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.baseline.Dl4jSparkTrainers;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.registry.StepEngines;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;
import scala.Tuple2;

/**
 * {@code --profile} and {@code --set}: which settings hold. The values of {@code
 * spark.bellows.profile} and {@code spark.bellows.KEY} from {@code spark-submit} or its properties
 * file count as if they were given before these.
 */
public class ProfileOptions {
  private static final Logger LOG = LoggerFactory.getLogger(ProfileOptions.class);
  private static final String SPARK_PREFIX = "spark.bellows.";
  private static final String PROFILE = "profile";

  private final Set<Problem> warned = new HashSet<>();

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "A shipped profile (${COMPLETION-CANDIDATES}) or a .conf file.",
      completionCandidates = Profiles.class)
  private String profile;

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "Changes one setting; may be repeated. \"bellows settings\" lists them.")
  private List<String> assignments = new ArrayList<>();

  static final class Profiles extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Profiles() {
      super(SettingsLoader.profiles());
    }
  }

  /** Everything that is wrong, at once, before Spark starts. */
  public Settings settings(List<String> required) {
    return settings(profile, List.of(), required);
  }

  /**
   * @param check problems that the command itself can find
   */
  public Settings settings(List<String> required, Function<Settings, List<Problem>> check) {
    return load(null, List.of(), List.of(), required, List.of(check));
  }

  /**
   * @param defaultProfile where no --profile is given
   * @param defaults assignments that --set may change
   */
  public Settings settings(String defaultProfile, List<String> defaults, List<String> required) {
    return settingsBetween(defaultProfile, defaults, List.of(), required);
  }

  /**
   * @param last assignments that --set cannot change
   */
  public Settings settingsWith(String defaultProfile, List<String> last) {
    return settingsBetween(defaultProfile, List.of(), last, List.of());
  }

  /**
   * @param defaults assignments that --set may change
   * @param last assignments that --set cannot change
   */
  public Settings settingsBetween(
      String defaultProfile, List<String> defaults, List<String> last, List<String> required) {
    return load(defaultProfile, defaults, last, required, List.of());
  }

  private Settings load(
      String defaultProfile,
      List<String> defaults,
      List<String> last,
      List<String> required,
      List<Function<Settings, List<Problem>>> more) {
    List<Function<Settings, List<Problem>>> checks = new ArrayList<>(more);
    checks.add(settings -> NetworkRegistry.standard().check(settings.model()));
    checks.add(settings -> StepEngines.standard().check(settings.train(), settings.cluster()));
    checks.add(settings -> StepEngines.standard().check(settings.evaluate()));
    checks.add(Dl4jSparkTrainers::check);
    Map<String, String> submitted = submitted();
    String submittedProfile = submitted.remove(PROFILE);
    SettingsLoader loader =
        new SettingsLoader()
            .profile(firstGiven(profile, submittedProfile, defaultProfile))
            .set(defaults)
            .set(submitted.entrySet().stream().map(Map.Entry::toString).toList())
            .set(assignments)
            .set(last);
    // A study loads its settings once a training.
    loader.warnings().stream().filter(warned::add).forEach(warning -> LOG.warn("{}", warning));
    return loader.load(required, checks);
  }

  /** By key; on a cluster the driver's properties are all that it can be given as a file. */
  private static Map<String, String> submitted() {
    Map<String, String> submitted = new TreeMap<>();
    for (Tuple2<String, String> property : new SparkConf().getAllWithPrefix(SPARK_PREFIX)) {
      submitted.put(property._1(), property._2());
    }
    return submitted;
  }

  private static String firstGiven(String... values) {
    return Stream.of(values).filter(Objects::nonNull).findFirst().orElse(null);
  }
}
