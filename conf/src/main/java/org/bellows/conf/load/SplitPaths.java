// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads names of splits with a regular expression of paths each: {@code {test:
 * "image/2[4-9][.]png"}}.
 */
final class SplitPaths {
  static final String ALLOWED =
      "{NAME: EXPRESSION, ...}, names of letters, digits, - and _, regular expressions of whole"
          + " paths; or {}";

  private SplitPaths() {}

  static SortedMap<String, String> read(ConfigReader read, String key) {
    return Collections.unmodifiableSortedMap(
        read.object(key, ALLOWED, config -> paths(config, key)));
  }

  private static SortedMap<String, String> paths(Config config, String key) {
    SortedMap<String, String> paths = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : config.getObject(key).entrySet()) {
      boolean isText = entry.getValue().unwrapped() instanceof String text && isExpression(text);
      if (!isText || !entry.getKey().matches(SplitShares.NAME)) {
        throw new ConfigException.BadValue(key, "no expression");
      }
      paths.put(entry.getKey(), (String) entry.getValue().unwrapped());
    }
    return paths;
  }

  private static boolean isExpression(String text) {
    try {
      Pattern.compile(text);
      return !text.isEmpty();
    } catch (PatternSyntaxException e) {
      return false; // the reader tells the value and what is allowed
    }
  }
}
