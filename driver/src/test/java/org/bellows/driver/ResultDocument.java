// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** docs/results.md lists every metric of every command that is in it. */
final class ResultDocument {
  private static final Path DOCUMENT = Path.of("..", "docs", "results.md");

  /** | `command`, `command` | `key`, `key` | meaning | */
  private static final Pattern ROW =
      Pattern.compile("^\\| ((?:`[a-z -]+`(?:, )?)+) \\| ((?:`[a-z0-9-]+`(?:, )?)+) \\| [^|]*\\|$");

  private static final Pattern COMMAND = Pattern.compile("`([a-z -]+)`");
  private static final Pattern KEY = Pattern.compile("`([a-z0-9-]+)`");

  private ResultDocument() {}

  static void check(Map<?, ?> result) throws IOException {
    Map<String, Set<String>> documented = keys();
    String command = String.valueOf(result.get("command"));
    if (documented.containsKey(command) && result.get("metrics") instanceof Map<?, ?> metrics) {
      assertThat(documented.get(command))
          .as("what docs/results.md lists of " + command)
          .containsAll(metrics.keySet().stream().map(String::valueOf).toList());
    }
  }

  private static Map<String, Set<String>> keys() throws IOException {
    Map<String, Set<String>> keys = new TreeMap<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Set<String> ofRow =
            KEY.matcher(row.group(2)).results().map(key -> key.group(1)).collect(toSet());
        COMMAND
            .matcher(row.group(1))
            .results()
            .forEach(
                command ->
                    keys.computeIfAbsent(command.group(1), name -> new TreeSet<>()).addAll(ofRow));
      }
    }
    assertThat(keys).containsKeys("prepare", "train", "evaluate", "predict", "retrain");
    return keys;
  }
}
