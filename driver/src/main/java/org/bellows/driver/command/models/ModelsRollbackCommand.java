// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.models;

import java.util.concurrent.Callable;
import org.bellows.driver.registry.Promotion;
import org.bellows.driver.registry.RegisteredModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models rollback}: back to what was current before. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    header = "Makes the version before the current one current again.",
    description = {"Once more goes back further."})
final class ModelsRollbackCommand implements Callable<Integer> {
  @Mixin private RegistryOption registryOption;

  @Parameters(
      paramLabel = "NAME",
      description = "A name that \"bellows models list --registry PATH\" lists.")
  private String name;

  @Option(
      names = "--reason",
      defaultValue = "rolled back by hand",
      paramLabel = "TEXT",
      description = "Stored with the promotion.")
  private String reason;

  @Override
  public Integer call() {
    RegisteredModel model = registryOption.open().existing(name);
    int before = model.requireCurrent().version();
    Promotion now = model.rollback(reason);
    System.out.printf(
        "%s:%d is current (entry %d); it was version %d%n",
        name, now.version(), now.number(), before);
    return 0;
  }
}
