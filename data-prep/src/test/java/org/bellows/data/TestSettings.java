// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;

/** Settings for tests: the defaults with some keys set. */
public final class TestSettings {
  private TestSettings() {}

  public static Settings of(String... assignments) {
    return new SettingsLoader().set(List.of(assignments)).load(List.of(), List.of());
  }

  public static Settings prepare(Path source, Path target, String... assignments) {
    List<String> all = new ArrayList<>(List.of("source.path=" + source, "data.path=" + target));
    all.addAll(List.of(assignments));
    return of(all.toArray(String[]::new));
  }
}
