// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.File;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.text.SpellingSuggestion;
import org.bellows.conf.text.Words;

/**
 * {@code reference.conf}, then a profile, then {@code --set}: the later wins. Neither environment
 * variables nor system properties take part, so that a run's configuration is what it says.
 */
public final class SettingsLoader {
  private static final List<String> PROFILES =
      List.of(
          "alexnet-2012",
          "alexnet-fashion-mnist",
          "deeplab-v2-voc",
          "deeplab-v3-voc",
          "deeplab-v3plus-cityscapes",
          "efficientnet-b0",
          "efficientnet-b0-rand-augment",
          "fcn8s-voc",
          "lenet5-clothing10",
          "lenet5-fashion-mnist",
          "mobilenet-v2",
          "pspnet-cityscapes",
          "pspnet-voc",
          "quickstart",
          "resnet20-cifar10",
          "resnet50-bag-of-tricks",
          "resnet50-goyal-2017",
          "resnet50-strikes-back-a1",
          "resnet50-strikes-back-a2",
          "resnet50-strikes-back-a3",
          "segnet-camvid",
          "unet-isbi",
          "unet16-camvid",
          "unet8-membrane",
          "vgg-2014");

  private final Config reference = resource("reference.conf");
  private final KeyHistory history;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final Set<String> given = new TreeSet<>();
  private Config config = reference;

  public SettingsLoader() {
    this(KeyHistory.standard());
  }

  /**
   * @param history which keys have other names, or are gone
   */
  public SettingsLoader(KeyHistory history) {
    this.history = history;
  }

  /** Keys that were understood but should be written differently. */
  public List<Problem> warnings() {
    return List.copyOf(warnings);
  }

  /**
   * @param profile name of a shipped profile, or path of a local {@code .conf} file, or null
   */
  public SettingsLoader profile(String profile) {
    if (profile != null) {
      overlay("--profile " + profile, readProfile(profile));
    }
    return this;
  }

  /** Puts {@code key=value} on top of what is there. Values are HOCON: text, numbers, lists. */
  public SettingsLoader set(Collection<String> assignments) {
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals <= 0) {
        problems.add(new Problem("--set " + assignment, "expected key=value"));
      } else {
        set(assignment.substring(0, equals).trim(), assignment.substring(equals + 1).trim());
      }
    }
    return this;
  }

  private void set(String key, String value) {
    try {
      overlay("--set", keepText(key, value));
    } catch (ConfigException e) {
      problems.add(new Problem(key, "cannot be read from --set " + key + "=" + value));
    }
  }

  /** Paths and URIs hold characters that HOCON gives a meaning: text keys are taken as they are. */
  private Config keepText(String key, String value) {
    String today = history.today(key);
    boolean isText =
        reference.hasPath(today) && reference.getValue(today).valueType() == ConfigValueType.STRING;
    if (isText) {
      return ConfigFactory.parseMap(Map.of(key, value), "--set");
    }
    Config parsed = ConfigFactory.parseString("value = " + value).resolve();
    if (parsed.root().size() != 1) {
      throw new ConfigException.BadValue(key, "more than one value");
    }
    return ConfigFactory.empty().withValue(key, parsed.root().get("value"));
  }

  /**
   * @param required keys that the command cannot do without
   * @param checks problems that other modules can find (unknown network names, ...)
   * @throws ConfigurationException with every problem found
   */
  public Settings load(
      Collection<String> required, List<Function<Settings, List<Problem>>> checks) {
    SettingsReader reader = new SettingsReader(config, reference, List.copyOf(given));
    Settings settings = reader.read();
    List<Problem> found = new ArrayList<>(problems);
    found.addAll(reader.problems());
    for (String key : required) {
      if (config.getValue(key).valueType() == ConfigValueType.STRING
          && config.getString(key).isBlank()) {
        found.add(new Problem(key, "is not set; give it with --set " + key + "=..."));
      }
    }
    checks.forEach(check -> found.addAll(check.apply(settings)));
    if (!found.isEmpty()) {
      throw new ConfigurationException(found);
    }
    return settings;
  }

  public static List<String> profiles() {
    return PROFILES;
  }

  private void overlay(String where, Config layer) {
    Set<String> known = keys(reference);
    Config accepted = layer;
    for (String key : keys(layer)) {
      if (!known.contains(key) && !lieInAnObject(key)) {
        accepted = accepted.withoutPath(key);
        accepted = underTodaysName(key, where, layer, accepted);
      }
    }
    given.addAll(keys(accepted));
    config = accepted.withFallback(config);
  }

  /** A key that is none of today's: one that was renamed is accepted, others are a problem. */
  private Config underTodaysName(String key, String where, Config layer, Config accepted) {
    String today = history.today(key);
    if (today.equals(key) || !reference.hasPath(today)) {
      problems.add(new Problem(key, notASetting(key, today, where)));
      return accepted;
    }
    if (layer.hasPathOrNull(today)) {
      problems.add(
          new Problem(
              key, "is the old name of %s, which stands there, too (%s)".formatted(today, where)));
      return accepted;
    }
    warnings.add(
        new Problem(
            key,
            "is called %s since %s (%s); the old name is understood for a while"
                .formatted(today, history.renamed(key).orElseThrow().since(), where)));
    return accepted.withValue(today, valueOrNull(layer, key));
  }

  private String notASetting(String key, String today, String where) {
    return history
        .removed(today)
        .map(
            removed ->
                "is no setting since %s (%s); %s"
                    .formatted(removed.since(), where, removed.instead()))
        .orElseGet(
            () ->
                "is not a setting (" + where + ")" + SpellingSuggestion.hint(key, keys(reference)));
  }

  private static ConfigValue valueOrNull(Config layer, String key) {
    return layer.getIsNull(key) ? ConfigValueFactory.fromAnyRef(null) : layer.getValue(key);
  }

  /** Names are free in an object that is empty by default. */
  private boolean lieInAnObject(String key) {
    for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
      String above = key.substring(0, dot);
      if (reference.hasPath(above)
          && reference.getValue(above) instanceof ConfigObject object
          && object.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private Config readProfile(String profile) {
    try {
      if (PROFILES.contains(profile)) {
        return resource("profiles/" + profile + ".conf");
      }
      File file = new File(profile);
      if (file.isFile()) {
        return ConfigText.parse(file).resolve();
      }
      String hint = SpellingSuggestion.hint(profile, PROFILES);
      problems.add(
          new Problem(
              "--profile",
              "\"%s\" is neither a file nor one of %s%s"
                  .formatted(profile, Words.and(PROFILES), hint)));
    } catch (ConfigException e) {
      problems.add(new Problem("--profile", "cannot read " + profile + ": " + e.getMessage()));
    }
    return ConfigFactory.empty();
  }

  private static Set<String> keys(Config config) {
    Set<String> keys = new TreeSet<>();
    config.root().forEach((name, value) -> collect(name, value, keys));
    return keys;
  }

  private static void collect(String path, ConfigValue value, Set<String> keys) {
    if (value instanceof ConfigObject object && !object.isEmpty()) {
      object.forEach((name, child) -> collect(path + "." + name, child, keys));
    } else {
      keys.add(path);
    }
  }

  /** Our own file only: other libraries on the class path may ship a reference.conf, too. */
  static Config resource(String name) {
    return ConfigFactory.parseURL(
            Objects.requireNonNull(SettingsLoader.class.getResource("/" + name), name),
            ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false))
        .resolve();
  }
}
