// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bellows.conf.Settings;
import org.junit.jupiter.api.Test;

class SettingDescriptionTest {
  private static Map<String, SettingDescription> byKey(Settings settings) {
    return SettingDescription.all(settings).stream()
        .collect(Collectors.toMap(SettingDescription::key, Function.identity()));
  }

  @Test
  void everyKeyOfTheReferenceSaysWhatItMeansAndWhatItMayBe() {
    List<SettingDescription> all = SettingDescription.all(TestSettings.load());
    assertThat(all)
        .extracting(SettingDescription::key)
        .containsExactlyInAnyOrderElementsOf(TestSettings.reference().keySet());
    assertThat(all)
        .allSatisfy(
            setting -> {
              assertThat(setting.meaning()).as(setting.key()).matches("(?s).{8,}[.)]");
              assertThat(setting.allowed()).as(setting.key()).isNotBlank();
              assertThat(setting.isChanged()).as(setting.key()).isFalse();
            });
  }

  @Test
  void oneIsGatheredFromReferenceRecordAndKey() {
    Map<String, SettingDescription> all = byKey(TestSettings.load());
    assertThat(all.get("sync.timeout-seconds"))
        .isEqualTo(
            new SettingDescription(
                "sync.timeout-seconds",
                "120",
                "120",
                "seconds",
                "a whole number from 1 to 86400",
                "Longest wait for another rank in one exchange."));
    assertThat(all.get("schedule.warmup-epochs").allowed())
        .isEqualTo("auto or a number from 0 to 100000");
    assertThat(all.get("model.channels").allowed()).isEqualTo("1 or 3");
    assertThat(all.get("data.verify").allowed()).isEqualTo("lengths or sha256");
    assertThat(all.get("output.path").standard()).isEqualTo("\"\"");
    assertThat(all.get("output.path").allowed()).isEqualTo("a path");
    assertThat(all.get("prepare.seed").allowed()).isEqualTo("a whole number");
    assertThat(all.get("schedule.step-epochs").standard()).isEqualTo("[30, 60, 80]");
    assertThat(all.get("prepare.split").standard()).isEqualTo("{}");
    assertThat(all.get("optimizer.weight-decay").standard()).isEqualTo("1e-4");
    assertThat(all.get("optimizer.epsilon").standard()).isEqualTo("1e-8");
  }

  @Test
  void whatAProfileChangesIsToldAsItIsThen() {
    Map<String, SettingDescription> changed =
        byKey(TestSettings.loadProfile("lenet5-fashion-mnist", "schedule.step-epochs=[2, 4.5]"));
    assertThat(changed.get("train.epochs"))
        .returns("12", SettingDescription::value)
        .returns("90", SettingDescription::standard)
        .returns(true, SettingDescription::isChanged);
    assertThat(changed.get("schedule.step-epochs").value()).isEqualTo("[2, 4.5]");
    assertThat(changed.get("model.name").value()).isEqualTo("lenet5");
    assertThat(changed.get("optimizer.weight-decay").value()).isEqualTo("5e-4");
    // The profile names it, and it is the default.
    assertThat(changed.get("schedule.decay").isChanged()).isFalse();
    assertThat(byKey(TestSettings.load("train.epochs=3")).get("schedule.warmup-epochs"))
        .returns("0.3", SettingDescription::value)
        .returns("auto", SettingDescription::standard);
  }
}
