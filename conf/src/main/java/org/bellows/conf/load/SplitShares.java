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
import java.util.stream.Collectors;
import org.bellows.conf.text.ValueText;

/** Reads names of splits with the share that each gets: {@code {train: 0.8, test: 0.2}}. */
final class SplitShares {
  static final String ALLOWED =
      "{NAME: SHARE, ...}, names of letters, digits, - and _, shares above 0 that sum to 1; or {}";

  /** Of a split, as a regular expression. */
  static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}";

  /** Tolerance for the sum of decimal shares, which may differ from 1 by this. */
  private static final double ROUNDING = 1e-6;

  private SplitShares() {}

  static SortedMap<String, Double> read(ConfigReader read, String key) {
    SortedMap<String, Double> shares = read.object(key, ALLOWED, config -> shares(config, key));
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    if (!shares.isEmpty() && Math.abs(sum - 1) > ROUNDING) {
      read.problem(
          key,
          "is %s, which sums to %s, allowed: %s"
              .formatted(shown(shares), ValueText.plain(sum), ALLOWED));
    }
    return Collections.unmodifiableSortedMap(shares);
  }

  /** As in a configuration. */
  private static String shown(SortedMap<String, Double> shares) {
    return shares.entrySet().stream()
        .map(share -> share.getKey() + ": " + ValueText.plain(share.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static SortedMap<String, Double> shares(Config config, String key) {
    SortedMap<String, Double> shares = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : config.getObject(key).entrySet()) {
      boolean isShare =
          entry.getValue().unwrapped() instanceof Number number
              && number.doubleValue() > 0
              && number.doubleValue() <= 1;
      if (!isShare || !entry.getKey().matches(NAME)) {
        throw new ConfigException.BadValue(key, "not a share");
      }
      shares.put(entry.getKey(), ((Number) entry.getValue().unwrapped()).doubleValue());
    }
    return shares;
  }
}
