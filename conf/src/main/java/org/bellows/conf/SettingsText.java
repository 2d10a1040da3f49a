// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.util.List;
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
    SettingKeys.all().forEach(entry -> flat.put(entry.name(), spelt(entry.value(settings))));
    return flat;
  }

  static String json(Settings settings) {
    return ConfigFactory.parseMap(flat(settings)).root().render(ConfigRenderOptions.concise());
  }

  static Object spelt(Object value) {
    if (value instanceof Enum<?> constant) {
      return Allowed.name(constant);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(SettingsText::spelt).toList();
    }
    if (value instanceof LayerValue entry) {
      return entry.toString();
    }
    return value instanceof ClassWeights weights ? weights.spelt() : value;
  }
}
