// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.models;

import java.util.concurrent.Callable;
import org.bellows.driver.registry.ModelRegistry;
import org.bellows.driver.registry.VersionDifference;
import org.bellows.worker.files.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models diff}: in what two versions differ. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    header = "Compares settings, metrics and data of two versions.")
final class ModelsDiffCommand implements Callable<Integer> {
  @Mixin private RegistryOption registryOption;

  @Parameters(index = "0", paramLabel = "NAME[:VERSION]", description = "What is compared with.")
  private String first;

  @Parameters(index = "1", paramLabel = "NAME[:VERSION]", description = "What is compared.")
  private String second;

  @Option(names = "--json", description = "As JSON, for machines.")
  private boolean json;

  @Override
  public Integer call() {
    ModelRegistry registry = registryOption.open();
    VersionDifference difference =
        VersionDifference.of(registry.resolve(first), registry.resolve(second));
    System.out.print(json ? Json.line(difference) + "\n" : RegistryText.difference(difference));
    return 0;
  }
}
