// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bellows.conf.Identity;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.load.KeyHistory;
import org.bellows.conf.load.SettingKeys;
import org.bellows.conf.load.SettingsText;

/**
 * The settings that a run's result is a function of. Two runs whose identities are equal (and that
 * read the same dataset) end with the same parameters; a run can only be resumed under its own
 * identity. Where it runs, how it is watched and how often it is saved take no part.
 */
public final class RunIdentity {
  private RunIdentity() {}

  /** Key to rendered value, leaves only, sorted. */
  public static Map<String, String> of(Settings settings) {
    Map<String, String> identity = new TreeMap<>();
    for (SettingKeys.Entry entry : SettingKeys.all()) {
      if (entry.rules().identity().holds(settings)) {
        Object value = SettingsText.spelt(entry.value(settings));
        identity.put(entry.name(), String.valueOf(value));
      }
    }
    return identity;
  }

  /** Whether the result of some run depends on a setting. */
  static boolean isKey(String setting) {
    return SettingKeys.all().stream()
        .anyMatch(
            entry -> entry.name().equals(setting) && entry.rules().identity() != Identity.NEVER);
  }

  /** As below, by what became of keys since the first release. */
  public static List<Problem> differences(
      String place, Map<String, String> there, Map<String, String> asked) {
    return differences(place, there, asked, KeyHistory.standard());
  }

  /**
   * @param there identity of the run at that place; an older build may have written it
   * @param asked identity of what is asked for
   * @return a sentence for each key that differs
   */
  public static List<Problem> differences(
      String place, Map<String, String> there, Map<String, String> asked, KeyHistory history) {
    Map<String, String> earlier = history.inTodaysTerms(there, asked.keySet());
    Map<String, String> all = new TreeMap<>(earlier);
    all.putAll(asked);
    List<Problem> problems = new ArrayList<>();
    for (String key : all.keySet()) {
      String before = earlier.getOrDefault(key, "nothing");
      String now = asked.getOrDefault(key, "nothing");
      if (!before.equals(now)) {
        problems.add(new Problem(key, difference(place, before, now, history.removed(key))));
      }
    }
    return problems;
  }

  private static String difference(
      String place, String before, String now, Optional<KeyHistory.Removed> removed) {
    return removed
        .map(
            entry ->
                "is no setting since %s, which behaves by %s, but the run in %s has %s; end it with the Bellows that began it, or give another output.path"
                    .formatted(entry.since(), entry.value(), place, before))
        .orElseGet(
            () ->
                "is %s, but the run in %s has %s; resume it with that, or give another output.path"
                    .formatted(now, place, before));
  }
}
