// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.measure;

import java.util.List;
import org.bellows.driver.command.option.NetworkOptions;
import org.bellows.models.network.NetworkDefinition;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --net}, {@code --batch}, {@code --input} and {@code --classes} of a measurement. */
public final class WorkloadOptions {
  @Option(names = "--net", paramLabel = "NAME", description = "Network.")
  private String network;

  @Option(names = "--batch", paramLabel = "N", description = "Images of a batch.")
  private Integer batch;

  @Mixin private NetworkOptions options;

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

  /**
   * What is asked for.
   *
   * @param documented what is measured where no network is named; gives a named one its batch and
   *     size
   * @throws CommandLine.ParameterException for options that do not fit together
   */
  public List<Workload> chosen(List<Workload> documented) {
    if (batch != null && batch < 1) {
      throw refused("--batch is %d, expected at least 1".formatted(batch));
    }
    if (network == null) {
      if (batch != null || options.areGiven()) {
        throw refused("--batch, --input and --classes are those of --net");
      }
      return documented;
    }
    NetworkDefinition definition = NetworkOptions.network(network);
    List<Workload> same =
        documented.stream().filter(one -> one.network().name().equals(network)).toList();
    if (batch == null && same.isEmpty()) {
      throw refused("--net and --batch belong together");
    }
    if (same.isEmpty() || options.areGiven()) {
      int samples = batch == null ? same.get(0).samples() : batch;
      return List.of(
          new Workload(
              definition, options.input(definition), options.classes(definition), samples));
    }
    return batch == null ? same : List.of(same.get(0).batched(batch));
  }

  private CommandLine.ParameterException refused(String why) {
    return new CommandLine.ParameterException(spec.commandLine(), why);
  }
}
