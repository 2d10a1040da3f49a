// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bellows.conf.PixelInference;
import org.bellows.conf.Settings;
import org.bellows.conf.load.KeyHistory;
import org.bellows.conf.load.SettingsLoader;
import org.junit.jupiter.api.Test;

class RunNameTest {
  private static final Map<String, String> IDENTITY =
      Map.of("dataset sha256", "ab", "model.name", "lenet5", "train.seed", "1");

  private static Settings settings(String... assignments) {
    return new SettingsLoader().set(List.of(assignments)).load(List.of(), List.of());
  }

  private static String name(boolean isOfPixels, boolean isMultiLabel, String... assignments) {
    return RunName.of(RunName.keys(IDENTITY, settings(assignments), isOfPixels, isMultiLabel));
  }

  /** Later fits find the runs of earlier builds by them, so they never change. */
  @Test
  void namesAreThoseOfEarlierBuilds() {
    String[] all = {
      "train.save=last",
      "train.validation-split=validation",
      "evaluate.inference=resize",
      "evaluate.window-stride=0.6667",
      "evaluate.scales=[1.0]",
      "evaluate.mirror=false",
      "evaluate.threshold=0.5"
    };
    assertThat(name(false, false, all)).isEqualTo("bbf3edeb94232777");
    assertThat(name(true, false, all)).isEqualTo("bbf3edeb94232777");
    assertThat(name(false, true, all)).isEqualTo("744ffa82fd6b4b02");
  }

  @Test
  void aKeyThatComesLaterChangesNoName() {
    Map<String, String> later = new TreeMap<>(IDENTITY);
    later.putAll(KeyHistory.standard().added());
    assertThat(RunName.of(later)).isEqualTo(RunName.of(IDENTITY));
    later.put("loss.target-threshold", "0.2");
    assertThat(RunName.of(later)).isNotEqualTo(RunName.of(IDENTITY));
  }

  @Test
  void whatTheModelOrItsFiguresKeepOfEvaluateChangesTheName() {
    assertThat(RunName.OF_PIXELS).hasSize(PixelInference.class.getRecordComponents().length);
    assertThat(name(true, false, "evaluate.mirror=true")).isNotEqualTo(name(true, false));
    assertThat(name(false, false, "evaluate.mirror=true")).isEqualTo(name(false, false));
    assertThat(name(false, true, "evaluate.threshold=0.4")).isNotEqualTo(name(false, true));
    assertThat(name(false, false, "evaluate.threshold=0.4")).isEqualTo(name(false, false));
  }
}
