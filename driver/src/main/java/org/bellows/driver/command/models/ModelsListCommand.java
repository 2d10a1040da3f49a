// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.models;

import java.util.concurrent.Callable;
import org.bellows.driver.registry.ModelRegistry;
import org.bellows.worker.files.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code models list}: the models of a registry. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    header = "Lists the models of a registry, with current versions.",
    description = {"The networks that can be trained: bellows models."})
final class ModelsListCommand implements Callable<Integer> {
  @Mixin private RegistryOption registryOption;

  @Option(names = "--json", description = "As a JSON array, for machines.")
  private boolean json;

  @Override
  public Integer call() {
    ModelRegistry registry = registryOption.open();
    System.out.println(json ? Json.line(RegistryText.rows(registry)) : RegistryText.list(registry));
    return 0;
  }
}
