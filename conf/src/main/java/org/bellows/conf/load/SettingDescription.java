// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bellows.conf.Key;
import org.bellows.conf.Settings;
import org.bellows.conf.text.ValueText;

/**
 * The description of one setting, collected from its sources: default and meaning in {@code
 * reference.conf}, the range in {@link Key}, the unit in the key.
 *
 * @param key "section.key"
 * @param standard the default, spelt as in a configuration
 * @param value its value, spelt likewise; the default if nothing changes it
 * @param unit such as "epochs"; empty where the key names none
 * @param allowed the allowed values
 * @param meaning sentences
 */
public record SettingDescription(
    String key, String standard, String value, String unit, String allowed, String meaning) {
  /** Last words of keys, and what they are called. */
  private static final Map<String, String> UNITS =
      Map.ofEntries(
          Map.entry("batches", "lane batches"),
          Map.entry("degrees", "degrees"),
          Map.entry("epochs", "epochs"),
          Map.entry("executors", "executors"),
          Map.entry("images", "images"),
          Map.entry("kibibytes", "KiB"),
          Map.entry("mebibytes", "MiB"),
          Map.entry("pixels", "pixels"),
          Map.entry("samples", "samples"),
          Map.entry("seconds", "seconds"),
          Map.entry("steps", "steps"),
          Map.entry("threads", "threads"));

  /**
   * All settings in the order of {@code reference.conf}.
   *
   * @param settings whose values are told
   */
  public static List<SettingDescription> all(Settings settings) {
    Config reference = SettingsLoader.resource("reference.conf");
    Settings defaults = new SettingsLoader().load(List.of(), List.of());
    return SettingKeys.all().stream()
        .map(entry -> of(entry, reference.getValue(entry.name()), defaults, settings))
        .toList();
  }

  private static SettingDescription of(
      SettingKeys.Entry entry, ConfigValue reference, Settings defaults, Settings settings) {
    String standard = spelt(reference.unwrapped());
    Object value = entry.value(settings);
    boolean isDefault = value.equals(entry.value(defaults));
    String key = entry.name();
    return new SettingDescription(
        key,
        standard,
        isDefault ? standard : spelt(SettingsText.spelt(value)),
        UNITS.getOrDefault(
            key.substring(Math.max(key.lastIndexOf('-'), key.lastIndexOf('.')) + 1), ""),
        Allowed.of(entry),
        reference.origin().comments().stream().map(String::strip).collect(Collectors.joining(" ")));
  }

  /** The value as it may follow {@code --set key=}; an empty text is written "". */
  private static String spelt(Object value) {
    if (value instanceof Double number) {
      return spelt(number.doubleValue());
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .map(SettingDescription::element)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + ": " + spelt(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    String text = String.valueOf(value);
    return text.isEmpty() ? "\"\"" : text;
  }

  /** Text in a list may hold what would end it. */
  private static String element(Object value) {
    return value instanceof String text ? '"' + text + '"' : spelt(value);
  }

  /** 12.0 is written 12, and 0.0001 is written 1e-4. */
  private static String spelt(double number) {
    return number != 0 && Math.abs(number) < 1e-3
        ? Double.toString(number).replace(".0E", "E").replace('E', 'e')
        : ValueText.plain(number);
  }

  /** Whether a profile or an option changes it. */
  public boolean isChanged() {
    return !value.equals(standard);
  }
}
