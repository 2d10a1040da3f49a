// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bellows.conf.ClassWeights;
import org.bellows.conf.LayerValue;
import org.bellows.conf.PositiveWeights;
import org.bellows.conf.Settings;
import org.bellows.conf.text.ValueText;

/**
 * Settings back as text, from the typed values: however a value was spelt ({@code yes}, {@code
 * "90"}), it comes out one way.
 */
public final class SettingsText {
  private SettingsText() {}

  /** Key to value (text, number, boolean, list), sorted. */
  public static Map<String, Object> flat(Settings settings) {
    Map<String, Object> flat = new TreeMap<>();
    SettingKeys.all().forEach(entry -> flat.put(entry.name(), spelt(entry.value(settings))));
    return flat;
  }

  public static String json(Settings settings) {
    return ConfigFactory.parseMap(flat(settings)).root().render(ConfigRenderOptions.concise());
  }

  public static Object spelt(Object value) {
    if (value instanceof Enum<?> constant) {
      return ValueText.name(constant);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(SettingsText::spelt).toList();
    }
    if (value instanceof LayerValue entry) {
      return entry.toString();
    }
    if (value instanceof PositiveWeights weights) {
      return weights.spelt();
    }
    return value instanceof ClassWeights weights ? weights.spelt() : value;
  }
}
