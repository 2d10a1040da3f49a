// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The history of keys since the first release: keys that were added, renamed and removed. Values
 * that an older build wrote are compared with today's through it.
 */
public final class KeyHistory {
  private static final KeyHistory STANDARD = of(SettingsLoader.resource("key-history.conf"));

  private final Map<String, Added> added;
  private final Map<String, Renamed> renamed;
  private final Map<String, Removed> removed;

  /**
   * A key that older builds do not know.
   *
   * @param since the release in which it came
   * @param value the value that corresponds to the behaviour of builds without the key, as {@code
   *     RunIdentity} spells it
   */
  public record Added(String since, String value) {}

  /** A key that has another name since a release. */
  public record Renamed(String to, String since) {}

  /**
   * A key that is gone.
   *
   * @param value the value that corresponds to the behaviour of every build since, or null if no
   *     result depends on it
   * @param instead what to do, for the end of a sentence
   */
  public record Removed(String since, String value, String instead) {}

  private KeyHistory(
      Map<String, Added> added, Map<String, Renamed> renamed, Map<String, Removed> removed) {
    this.added = added;
    this.renamed = renamed;
    this.removed = removed;
  }

  /** That of this build: {@code key-history.conf}. */
  public static KeyHistory standard() {
    return STANDARD;
  }

  /** Another one, spelt as {@code key-history.conf} is. */
  public static KeyHistory parse(String text) {
    return of(ConfigFactory.parseString(text));
  }

  private static KeyHistory of(Config file) {
    return new KeyHistory(
        entries(
            file, "added", entry -> new Added(entry.getString("since"), entry.getString("value"))),
        entries(
            file, "renamed", entry -> new Renamed(entry.getString("to"), entry.getString("since"))),
        entries(
            file,
            "removed",
            entry ->
                new Removed(
                    entry.getString("since"),
                    entry.hasPath("value") ? entry.getString("value") : null,
                    entry.getString("instead"))));
  }

  private static <T> Map<String, T> entries(Config file, String list, Function<Config, T> make) {
    Map<String, T> entries = new LinkedHashMap<>();
    for (Config entry : file.getConfigList(list)) {
      String key = entry.getString("key");
      if (entries.put(key, make.apply(entry)) != null) {
        throw new IllegalArgumentException("%s: two entries of %s".formatted(list, key));
      }
    }
    return entries;
  }

  public Optional<Renamed> renamed(String key) {
    return Optional.ofNullable(renamed.get(key));
  }

  public Optional<Removed> removed(String key) {
    return Optional.ofNullable(removed.get(key));
  }

  /** Key to what builds without it behave by. */
  public Map<String, String> added() {
    Map<String, String> values = new TreeMap<>();
    added.forEach((key, entry) -> values.put(key, entry.value()));
    return values;
  }

  public Set<String> renamedKeys() {
    return renamed.keySet();
  }

  public Set<String> removedKeys() {
    return removed.keySet();
  }

  /** Today's name of a key, however often it was renamed. */
  public String today(String key) {
    String name = key;
    while (renamed.containsKey(name)) {
      name = renamed.get(name).to();
    }
    return name;
  }

  /**
   * Settings of an older build as this build would have written them: under today's names, with the
   * values that correspond to its behaviour for keys that it did not know, and without removed keys
   * that make no difference.
   *
   * @param written key to value
   * @param known the keys that this build asks for
   */
  public Map<String, String> inTodaysTerms(Map<String, String> written, Set<String> known) {
    Map<String, String> today = new TreeMap<>();
    written.forEach((key, value) -> today.put(today(key), value));
    added.forEach(
        (key, entry) -> {
          if (known.contains(key)) {
            today.putIfAbsent(key, entry.value());
          }
        });
    removed.forEach(
        (key, entry) -> {
          if (entry.value() == null || entry.value().equals(today.get(key))) {
            today.remove(key);
          }
        });
    return today;
  }
}
