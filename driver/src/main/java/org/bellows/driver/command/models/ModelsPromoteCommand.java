// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.models;

import java.util.concurrent.Callable;
import org.bellows.conf.BellowsException;
import org.bellows.driver.registry.ModelRegistry;
import org.bellows.driver.registry.ModelRegistry.VersionReference;
import org.bellows.driver.registry.Promotion;
import org.bellows.driver.registry.RegisteredModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models promote}: a person decides. */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    header = "Makes a version of a registry the current one.",
    description = {"Its model is read first, from end to end."})
final class ModelsPromoteCommand implements Callable<Integer> {
  @Mixin private RegistryOption registryOption;

  @Parameters(
      paramLabel = "NAME:VERSION",
      description = "Such as clothes:3; \"bellows models show NAME --registry PATH\" lists them.")
  private String reference;

  @Option(
      names = "--reason",
      defaultValue = "promoted by hand",
      paramLabel = "TEXT",
      description = "Stored with the promotion.")
  private String reason;

  @Override
  public Integer call() {
    ModelRegistry registry = registryOption.open();
    if (reference.indexOf(':') < 0) {
      throw BellowsException.configuration(
          "\"%s\" names no version; give NAME:VERSION".formatted(reference));
    }
    VersionReference found = registry.resolve(reference);
    RegisteredModel model = found.model();
    Promotion head = model.pointer().head().orElse(null);
    if (head != null && head.version() == found.version()) {
      System.out.println(found + " is the current version already");
      return 0;
    }
    Promotion now = model.promote(head == null ? 0 : head.number(), found.version(), reason);
    System.out.printf(
        "%s is current (entry %d)%s%n",
        found, now.number(), head == null ? "" : "; it was version " + head.version());
    return 0;
  }
}
