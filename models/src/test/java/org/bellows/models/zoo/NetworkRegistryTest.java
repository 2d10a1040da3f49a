// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.models.lenet.LeNet5;
import org.bellows.models.network.NetworkDefinition;
import org.junit.jupiter.api.Test;

class NetworkRegistryTest {
  private final NetworkRegistry registry = NetworkRegistry.standard();

  @Test
  void suggestsTheNearestName() {
    assertThat(registry.check(settings("model.name=lenet-5").model()).toString())
        .contains("is \"lenet-5\", allowed: lenet5, lenet5-dropout, lenet5-tanh, ")
        .endsWith("; did you mean lenet5?]");
  }

  @Test
  void refusesAnInputThatTheArchitectureCannotTake() {
    assertThat(
            registry
                .check(settings("model.name=lenet5", "model.height-pixels=8").model())
                .toString())
        .contains("are 8 and 224, but lenet5 needs sides of at least 12 pixels");
  }

  @Test
  void onlyResidualBlocksCanBeDropped() {
    String depth = "model.stochastic-depth=0.1";
    assertThat(
            NetworkRegistry.standard()
                .check(settings("model.name=vgg16", depth).model())
                .toString())
        .contains(
            "model.stochastic-depth: is 0.1, but vgg16 has no residual blocks that could be"
                + " dropped; allowed: 0");
    assertThat(NetworkRegistry.standard().check(settings("model.name=resnet50", depth).model()))
        .isEmpty();
  }

  @Test
  void refusesTwoNetworksOfOneName() {
    assertThatThrownBy(() -> new NetworkRegistry(twice()))
        .hasMessage("two networks are named lenet5");
  }

  private static List<NetworkDefinition> twice() {
    return List.of(LeNet5.family().get(0), LeNet5.family().get(0));
  }

  private static Settings settings(String... assignments) {
    return new SettingsLoader().set(List.of(assignments)).load(List.of(), List.of());
  }
}
