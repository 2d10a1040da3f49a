package org.bellows.conf;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Settings back as text, from the typed values: however a value was spelt ({@code yes}, {@code
 * "90"}), it comes out one way.
 */
final class SettingsText {
  private SettingsText() {}

  /** Key to value (text, number, boolean, list), sorted. */
  static Map<String, Object> flat(Settings settings) {
    Map<String, Object> flat = new TreeMap<>();
    for (RecordComponent section : Settings.class.getRecordComponents()) {
      if (section.getType().isRecord()) {
        Object values = value(section, settings);
        for (RecordComponent key : section.getType().getRecordComponents()) {
          Object value = value(key, values);
          flat.put(dashed(section.getName()) + "." + dashed(key.getName()), spelt(value));
        }
      }
    }
    return flat;
  }

  static String json(Settings settings) {
    return ConfigFactory.parseMap(flat(settings)).root().render(ConfigRenderOptions.concise());
  }

  private static Object spelt(Object value) {
    if (value instanceof Enum<?> constant) {
      return ConfigReader.name(constant);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(SettingsText::spelt).toList();
    }
    if (value instanceof AtLayer entry) {
      return entry.toString();
    }
    return value instanceof ClassWeights weights ? weights.spelt() : value;
  }

  private static Object value(RecordComponent component, Object record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  /** maxBadFraction is max-bad-fraction. */
  private static String dashed(String camelCase) {
    return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
