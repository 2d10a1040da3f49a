// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.text.Words;

/** The settings of commands that label maps depend on, as {@link ImageLabelMaps} is given them. */
final class LabelSettings {
  /** Keys, or sections of them. */
  static final List<String> ALLOWED =
      List.of(
          "evaluate.inference",
          "evaluate.window-stride",
          "evaluate.scales",
          "evaluate.mirror",
          "crf",
          "predict.colours",
          "prepare.max-pixels");

  private LabelSettings() {}

  /**
   * @param values each {@code key=value}
   * @throws BellowsException (configuration) for a setting that there is not, has no such value, or
   *     would change nothing
   */
  static Settings of(List<String> values) {
    Settings settings = new SettingsLoader().set(values).load(List.of(), List.of());
    for (String value : values) {
      String key = value.substring(0, value.indexOf('=')).trim();
      if (key.equals("evaluate.ensemble")) {
        throw BellowsException.configuration(
            "settings holds evaluate.ensemble; give further models by setEnsemble, so that they are saved with the stage");
      }
      if (ALLOWED.stream().noneMatch(known -> key.equals(known) || key.startsWith(known + "."))) {
        throw BellowsException.configuration(
            "settings holds %s, which label maps do not depend on; allowed: %s"
                .formatted(key, Words.and(ALLOWED)));
      }
    }
    return settings;
  }
}
