// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.models;

import org.bellows.driver.registry.ModelRegistry;
import org.bellows.driver.spark.SiteConfiguration;
import picocli.CommandLine.Option;

/** {@code --registry}: what tells the models of a registry from the networks that there are. */
final class RegistryOption {
  @Option(
      names = "--registry",
      required = true,
      paramLabel = "PATH",
      description = "The registry: what retrain is given as registry.path. A Hadoop path.")
  private String path;

  /**
   * @throws org.bellows.conf.BellowsException (data) when there is none
   */
  ModelRegistry open() {
    ModelRegistry registry = new ModelRegistry(SiteConfiguration.read(), path);
    registry.requireThere();
    return registry;
  }
}
