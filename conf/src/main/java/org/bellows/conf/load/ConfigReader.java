// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.bellows.conf.Key;
import org.bellows.conf.LayerValue;
import org.bellows.conf.Problem;
import org.bellows.conf.text.SpellingSuggestion;
import org.bellows.conf.text.ValueText;

/**
 * Reads typed values and gathers what is wrong instead of stopping at the first problem. Where a
 * value is unusable the reference value is handed out, so that the rest can still be checked.
 */
final class ConfigReader {
  /** Settings are written into logs, reports and results. */
  private static final Pattern PASSWORD =
      Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://[^/?#@:]*:[^/?#@]*@");

  private final Config config;
  private final Config reference;
  private final List<Problem> problems = new ArrayList<>();

  ConfigReader(Config config, Config reference) {
    this.config = config;
    this.reference = reference;
  }

  List<Problem> problems() {
    return problems;
  }

  void problem(String key, String message) {
    problems.add(new Problem(key, message));
  }

  String text(String key) {
    String text = read(key, Allowed.TEXT, c -> c.getString(key));
    return holdsPassword(key, text) ? reference.getString(key) : text;
  }

  /** Names the key alone: the message goes where the password must not go. */
  private boolean holdsPassword(String key, String text) {
    boolean holds = PASSWORD.matcher(text).find();
    if (holds) {
      problem(
          key,
          "holds a password (NAME:PASSWORD@...), which would be written to logs and results; allowed:"
              + " an address without one (docs/security.md says where credentials go)");
    }
    return holds;
  }

  /**
   * A Hadoop path; a bare one is local and made absolute, because executors have other working
   * folders.
   */
  String path(String key) {
    return absolute(text(key));
  }

  List<String> paths(String key) {
    List<String> paths = read(key, Allowed.PATHS, c -> c.getStringList(key));
    if (paths.stream().anyMatch(String::isBlank)) {
      problem(key, "holds an empty path");
    }
    return paths.stream()
        .filter(path -> !holdsPassword(key, path))
        .map(ConfigReader::absolute)
        .toList();
  }

  List<String> texts(String key) {
    return List.copyOf(read(key, Allowed.TEXTS, c -> c.getStringList(key)));
  }

  List<Integer> integers(String key, Key rules) {
    String allowed = Allowed.wholes(rules);
    List<Double> values = read(key, allowed, c -> c.getDoubleList(key));
    for (double value : values) {
      if (!(value >= rules.min() && value <= rules.max()) || value != Math.rint(value)) {
        problem(key, "holds " + ValueText.plain(value) + ", allowed: " + allowed);
        return reference.getIntList(key);
      }
    }
    return values.stream().map(Double::intValue).toList();
  }

  /** Whether a word stands where a list may stand, too. */
  boolean isWord(String key, String word) {
    return config.hasPath(key)
        && config.getValue(key).valueType() == ConfigValueType.STRING
        && config.getString(key).equals(word);
  }

  private static String absolute(String path) {
    boolean bare = !path.isBlank() && !path.matches("[A-Za-z][A-Za-z0-9+.-]*:/.*");
    return bare ? new File(path).getAbsolutePath() : path;
  }

  boolean flag(String key) {
    return read(key, Allowed.FLAG, c -> c.getBoolean(key));
  }

  /** For a record's component of type int, whose range is within int's. */
  int integer(String key, Key rules) {
    return Math.toIntExact(integral(key, rules));
  }

  long integral(String key, Key rules) {
    String allowed = Allowed.whole(rules);
    long value = read(key, allowed, c -> wholeNumber(c, key));
    if (!isAllowed(value, rules)) {
      problem(key, "is " + value + ", allowed: " + allowed);
      return reference.getLong(key);
    }
    return value;
  }

  private static boolean isAllowed(long value, Key rules) {
    return rules.oneOf().length > 0
        ? Arrays.stream(rules.oneOf()).anyMatch(allowed -> allowed == value)
        : !Allowed.isBounded(rules) || (value >= rules.min() && value <= rules.max());
  }

  /** NaN stands for {@code auto}. */
  double real(String key, Key rules) {
    if (rules.mayBeAuto() && isWord(key, Allowed.AUTO)) {
      return Double.NaN;
    }
    String allowed = Allowed.real(rules);
    Optional<Double> value = valid(key, allowed, c -> c.getDouble(key));
    // The negation also catches NaN.
    if (value.isPresent() && !(value.get() >= rules.min() && value.get() <= rules.max())) {
      problem(key, "is " + value.get() + ", allowed: " + allowed);
      value = Optional.empty();
    }
    return value.orElseGet(() -> rules.mayBeAuto() ? Double.NaN : reference.getDouble(key));
  }

  List<Double> reals(String key, Key rules) {
    return reals(key, "", rules);
  }

  /**
   * @param others the other allowed values, for the message
   */
  List<Double> reals(String key, String others, Key rules) {
    String allowed = others + Allowed.reals(rules);
    List<Double> values = read(key, allowed, c -> c.getDoubleList(key));
    for (double value : values) {
      if (!(value >= rules.min() && value <= rules.max())) {
        problem(key, "holds " + value + ", allowed: " + allowed);
        return reference.getDoubleList(key);
      }
    }
    return List.copyOf(values);
  }

  List<LayerValue> atLayers(String key, Key rules) {
    String allowed = Allowed.atLayers(rules);
    List<LayerValue> entries = new ArrayList<>();
    for (String text : read(key, allowed, c -> c.getStringList(key))) {
      Optional<LayerValue> entry =
          LayerValue.parse(text).filter(e -> e.value() >= rules.min() && e.value() <= rules.max());
      if (entry.isEmpty()) {
        problem(key, "holds \"" + text + "\", allowed: " + allowed);
      }
      entry.ifPresent(entries::add);
    }
    return List.copyOf(entries);
  }

  /**
   * Reads a value of an object by a getter, which throws {@link ConfigException} if the value is
   * not allowed.
   */
  <T> T object(String key, String allowed, Function<Config, T> getter) {
    return read(key, allowed, getter);
  }

  /**
   * @param type an enum
   * @return one of its constants
   */
  Object choice(String key, Class<?> type) {
    List<String> names = Allowed.names(type);
    String allowed = Allowed.choice(type);
    String value = read(key, allowed, c -> c.getString(key));
    int index = names.indexOf(value);
    if (index < 0) {
      problem(
          key, "is \"" + value + "\", allowed: " + allowed + SpellingSuggestion.hint(value, names));
      index = names.indexOf(reference.getString(key));
    }
    return type.getEnumConstants()[index];
  }

  private <T> T read(String key, String allowed, Function<Config, T> getter) {
    return valid(key, allowed, getter).orElseGet(() -> getter.apply(reference));
  }

  /** Empty where it is not what is allowed, which is a problem then. */
  private <T> Optional<T> valid(String key, String allowed, Function<Config, T> getter) {
    try {
      return Optional.of(getter.apply(config));
    } catch (ConfigException e) {
      ConfigValue value =
          config.hasPathOrNull(key) && !config.getIsNull(key) ? config.getValue(key) : null;
      String shown = value == null ? "null" : value.render(ConfigRenderOptions.concise());
      problem(key, "is " + shown + ", allowed: " + allowed);
      return Optional.empty();
    }
  }

  /** Typesafe config cuts 1.5 to 1 without a word; a count must be whole. */
  private static long wholeNumber(Config config, String key) {
    double value = config.getDouble(key);
    // Beyond the range of long getLong would answer with its ends.
    if (value != Math.rint(value) || Math.abs(value) >= 0x1p63) {
      throw new ConfigException.BadValue(key, "not a whole number");
    }
    return config.getLong(key);
  }
}
