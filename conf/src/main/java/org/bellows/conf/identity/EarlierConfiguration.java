// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.identity;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bellows.conf.Settings;
import org.bellows.conf.load.KeyHistory;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.load.SettingsText;

/** A {@code configuration.json} that an earlier start wrote, perhaps of an older build. */
public final class EarlierConfiguration {
  private EarlierConfiguration() {}

  /**
   * Whether it says what these settings say. For a key that it lacks the value counts that builds
   * without the key behaved by; where no result depends on the key, its default.
   *
   * @param json as {@link Settings#effectiveJson} was then; anything else says something else
   */
  public static boolean isSame(String json, Settings settings) {
    return isSame(json, settings, KeyHistory.standard());
  }

  static boolean isSame(String json, Settings settings, KeyHistory history) {
    Map<String, Object> now = SettingsText.flat(settings);
    Map<String, String> then;
    try {
      then = history.inTodaysTerms(flat(json, now, history), now.keySet());
    } catch (ConfigException e) {
      return false;
    }
    SettingsText.flat(new SettingsLoader().load(List.of(), List.of()))
        .forEach(
            (key, value) -> {
              if (!RunIdentity.isKey(key)) {
                then.putIfAbsent(key, String.valueOf(value));
              }
            });
    return then.equals(
        now.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> String.valueOf(e.getValue()))));
  }

  /** "section.key" to value, spelt as in an identity; an object below a section is a value. */
  private static Map<String, String> flat(
      String json, Map<String, Object> now, KeyHistory history) {
    Map<String, String> flat = new TreeMap<>();
    ConfigFactory.parseString(json)
        .root()
        .forEach(
            (section, keys) -> {
              if (keys instanceof ConfigObject object) {
                object.forEach(
                    (name, value) -> {
                      String key = section + "." + name;
                      boolean real = isReal(now.get(history.today(key)));
                      flat.put(key, String.valueOf(spelt(value.unwrapped(), real)));
                    });
              }
            });
    return flat;
  }

  /** Whether numbers that stand there are reals, in a list, too. */
  private static boolean isReal(Object value) {
    return value instanceof Double
        || value instanceof List<?> list && list.stream().anyMatch(Double.class::isInstance);
  }

  /** Typesafe config makes a whole number of 90.0. */
  private static Object spelt(Object value, boolean real) {
    if (value instanceof List<?> list) {
      return list.stream().map(element -> spelt(element, real)).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((name, element) -> sorted.put(String.valueOf(name), spelt(element, true)));
      return sorted;
    }
    return real && value instanceof Number number ? number.doubleValue() : value;
  }
}
