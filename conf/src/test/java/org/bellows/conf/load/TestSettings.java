// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.Assertions;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;

/** Settings and problems as the tests of this package ask for them. */
public final class TestSettings {
  /** A configuration that upstream's trainer can do; the number of executors is the second. */
  public static final String[] UPSTREAM = {
    "sync.mode=dl4j-spark",
    "cluster.executors=2",
    "train.global-batch=64",
    "train.lane-batch=32",
    "train.step-engine=dl4j",
    "optimizer.name=nesterov",
    "schedule.warmup=none",
    "schedule.decay=constant"
  };

  private TestSettings() {}

  public static Settings load(String... assignments) {
    return loadProfile(null, assignments);
  }

  public static Settings loadProfile(String profile, String... assignments) {
    return new SettingsLoader()
        .profile(profile)
        .set(List.of(assignments))
        .load(List.of(), List.of());
  }

  /** "key: sentence" of each problem that these assignments cause. */
  public static List<String> problems(String... assignments) {
    return Assertions.catchThrowableOfType(ConfigurationException.class, () -> load(assignments))
        .problems()
        .stream()
        .map(Problem::toString)
        .toList();
  }

  /** Every leaf of reference.conf, sorted by key. */
  public static Map<String, ConfigValue> reference() {
    Config reference =
        ConfigFactory.parseURL(
            SettingsLoader.class.getResource("/reference.conf"),
            ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false));
    Map<String, ConfigValue> leaves = new TreeMap<>();
    collect("", reference.root(), leaves);
    return leaves;
  }

  /** An empty object is a leaf, too: its names are free. */
  private static void collect(String path, ConfigValue value, Map<String, ConfigValue> leaves) {
    if (value instanceof ConfigObject object && !object.isEmpty()) {
      String prefix = path.isEmpty() ? "" : path + ".";
      object.forEach((name, child) -> collect(prefix + name, child, leaves));
    } else {
      leaves.put(path, value);
    }
  }
}
