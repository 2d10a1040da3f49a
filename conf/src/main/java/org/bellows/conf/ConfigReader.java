package org.bellows.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.io.File;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

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
    String text = read(key, "text", c -> c.getString(key));
    return holdsPassword(key, text) ? reference.getString(key) : text;
  }

  /** Names the key alone: the message goes where the password must not go. */
  private boolean holdsPassword(String key, String text) {
    boolean holds = PASSWORD.matcher(text).find();
    if (holds) {
      problem(
          key,
          "holds a password (NAME:PASSWORD@...), which would stand in logs and results; allowed:"
              + " an address without one (docs/security.md says where credentials go)");
    }
    return holds;
  }

  /** A Hadoop path; a bare one is local and made absolute, as executors stand in other folders. */
  String path(String key) {
    return absolute(text(key));
  }

  List<String> paths(String key) {
    String allowed = "a list of paths, in quotation marks where they hold a colon";
    List<String> paths = read(key, allowed, c -> c.getStringList(key));
    if (paths.stream().anyMatch(String::isBlank)) {
      problem(key, "holds an empty path");
    }
    return paths.stream()
        .filter(path -> !holdsPassword(key, path))
        .map(ConfigReader::absolute)
        .toList();
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
    return read(key, "true or false", c -> c.getBoolean(key));
  }

  int integer(String key, int min, int max) {
    return (int) integral(key, min, max);
  }

  long integral(String key, long min, long max) {
    String range = max == Long.MAX_VALUE ? "a whole number, at least " + min : wholeRange(min, max);
    long value = read(key, range, c -> wholeNumber(c, key));
    if (value < min || value > max) {
      problem(key, "is " + value + ", allowed: " + range);
      return reference.getLong(key);
    }
    return value;
  }

  /** One of a few whole numbers. */
  int oneOf(String key, int... allowed) {
    List<String> numbers = Arrays.stream(allowed).mapToObj(Integer::toString).toList();
    String range = "one of " + String.join(", ", numbers);
    long value = read(key, range, c -> wholeNumber(c, key));
    if (!numbers.contains(Long.toString(value))) {
      problem(key, "is " + value + ", allowed: " + range);
      return reference.getInt(key);
    }
    return (int) value;
  }

  double real(String key, double min, double max) {
    String range = "a number from " + plain(min) + " to " + plain(max);
    double value = read(key, range, c -> c.getDouble(key));
    // The negation also catches NaN.
    if (!(value >= min && value <= max)) {
      problem(key, "is " + value + ", allowed: " + range);
      return reference.getDouble(key);
    }
    return value;
  }

  List<Double> reals(String key, double min, double max) {
    return reals(key, "", min, max);
  }

  /**
   * @param others the other allowed values, for the message
   */
  List<Double> reals(String key, String others, double min, double max) {
    String range = others + "a list of numbers from " + plain(min) + " to " + plain(max);
    List<Double> values = read(key, range, c -> c.getDoubleList(key));
    for (double value : values) {
      if (!(value >= min && value <= max)) {
        problem(key, "holds " + value + ", allowed: " + range);
        return reference.getDoubleList(key);
      }
    }
    return List.copyOf(values);
  }

  List<LayerValue> atLayers(String key, double min, double max) {
    String allowed =
        "a list of \"LAYER@NUMBER\", the numbers from %s to %s".formatted(plain(min), plain(max));
    List<LayerValue> entries = new ArrayList<>();
    for (String text : read(key, allowed, c -> c.getStringList(key))) {
      Optional<LayerValue> entry =
          LayerValue.parse(text).filter(e -> e.value() >= min && e.value() <= max);
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
    Object[] constants = type.getEnumConstants();
    List<String> names =
        Arrays.stream(constants).map(constant -> name((Enum<?>) constant)).toList();
    String allowed = "one of " + String.join(", ", names);
    String value = read(key, allowed, c -> c.getString(key));
    int index = names.indexOf(value);
    if (index < 0) {
      problem(
          key, "is \"" + value + "\", allowed: " + allowed + SpellingSuggestion.hint(value, names));
      index = names.indexOf(reference.getString(key));
    }
    return constants[index];
  }

  /** The configuration's spelling of a constant: RANDOM_RESIZED is random-resized. */
  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private <T> T read(String key, String allowed, Function<Config, T> getter) {
    try {
      return getter.apply(config);
    } catch (ConfigException e) {
      ConfigValue value =
          config.hasPathOrNull(key) && !config.getIsNull(key) ? config.getValue(key) : null;
      String shown = value == null ? "null" : value.render(ConfigRenderOptions.concise());
      problem(key, "is " + shown + ", allowed: " + allowed);
      return getter.apply(reference);
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

  private static String wholeRange(long min, long max) {
    return "a whole number from " + min + " to " + max;
  }

  static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
