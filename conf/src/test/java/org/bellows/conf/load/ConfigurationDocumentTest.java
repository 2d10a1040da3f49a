// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/configuration.md lists every key once, with its default, and no key that there is not. */
class ConfigurationDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");

  /** | `key` | `default` | unit | meaning | */
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `([a-z-]+\\.[a-z0-9-]+)` \\| ((?:[^|\\\\]|\\\\.)*) \\| ([^|]*) \\| ([^|]*) \\|$");

  @Test
  void everyKeyStandsThereWithItsDefault() throws IOException {
    Map<String, Object> documented = new LinkedHashMap<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        assertThat(documented.put(row.group(1), parsed(row.group(2).strip())))
            .as("an earlier row of " + row.group(1))
            .isNull();
        assertThat(row.group(3)).as("unit of " + row.group(1)).isNotBlank();
        assertThat(row.group(4)).as("meaning of " + row.group(1)).isNotBlank();
      }
    }
    assertThat(new TreeMap<>(documented)).isEqualTo(expected());
  }

  @Test
  void everyProfileStandsThere() throws IOException {
    String document = Files.readString(DOCUMENT);
    SettingsLoader.profiles()
        .forEach(profile -> assertThat(document).contains("`" + profile + "`"));
  }

  private static Map<String, Object> expected() {
    Map<String, Object> defaults = new TreeMap<>();
    TestSettings.reference().forEach((key, value) -> defaults.put(key, value.unwrapped()));
    return defaults;
  }

  /** By value: 1.0 and 1 are the same default. */
  private static Object parsed(String cell) {
    if (cell.equals("(empty)")) {
      return "";
    }
    String value = cell.replaceAll("^`|`$", "").replace("\\|", "|");
    return ConfigFactory.parseString("value = " + value).getValue("value").unwrapped();
  }
}
