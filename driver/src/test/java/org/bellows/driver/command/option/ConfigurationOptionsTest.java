// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Spark sets the driver's system properties to what spark-submit's properties file says. */
class ConfigurationOptionsTest {
  @AfterEach
  void forget() {
    for (String key : List.of("profile", "train.epochs", "train.seed", "train.epoch")) {
      System.clearProperty("spark.bellows." + key);
    }
  }

  private static Settings settings(String... arguments) {
    return CommandLine.populateCommand(new ConfigurationOptions(), arguments).settings(List.of());
  }

  @Test
  void sparksPropertiesCountAndTheCommandLineWins() {
    Settings before = settings("--set=train.seed=5");
    System.setProperty("spark.bellows.train.epochs", "7");
    System.setProperty("spark.bellows.train.seed", "8");
    Settings after = settings("--set=train.seed=5");
    assertThat(before.train().epochs()).isNotEqualTo(7);
    assertThat(after.train().epochs()).isEqualTo(7);
    assertThat(after.train().seed()).isEqualTo(5);
    assertThat(settings().train().seed()).isEqualTo(8);
  }

  @Test
  void sparksPropertiesNameAProfile() {
    System.setProperty("spark.bellows.profile", "resnet20-cifar10");
    assertThat(settings().model().name()).isEqualTo("resnet20-cifar");
    assertThat(settings("--profile=lenet5-fashion-mnist").model().name()).isEqualTo("lenet5");
  }

  @Test
  void anUnknownKeyIsRefusedAsOnTheCommandLine() {
    System.setProperty("spark.bellows.train.epoch", "7");
    assertThatThrownBy(ConfigurationOptionsTest::settings)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("train.epoch")
        .hasMessageContaining("train.epochs");
  }

  /** The engines are known to another module than the settings. */
  @Test
  void anUnknownStepEngineIsToldWithAllElseThatIsWrong() {
    assertThatThrownBy(() -> settings("--set=train.step-engine=dl4", "--set=train.epochs=0"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("train.epochs: is 0")
        .hasMessageContaining(
            "train.step-engine: is \"dl4\", allowed: onednn, dl4j or torch; did you mean dl4j?");
  }
}
