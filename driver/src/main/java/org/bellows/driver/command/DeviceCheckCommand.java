// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.bellows.conf.Device;
import org.bellows.data.storage.Storage;
import org.bellows.driver.check.CheckReport;
import org.bellows.driver.check.DeviceCheck;
import org.bellows.worker.files.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code device-check}: whether a step engine computes what it should on this machine. */
@Command(
    name = "device-check",
    mixinStandardHelpOptions = true,
    header = "Checks a step engine on this machine's device.",
    description = {
      "Compares two step engines on this machine, in each number format: every kind of layer and "
          + "five networks, forward and backward; the loss of twenty steps; whether the same pass "
          + "gives the same bits five times and in a second process; and how fast ResNet-50's step "
          + "is. Takes up to three minutes. Without Spark.",
      "Ends with exit code 1 when something does not hold."
    })
final class DeviceCheckCommand implements Callable<Integer> {
  private static final String THREADS = "OMP_NUM_THREADS";

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      defaultValue = "torch",
      description = "The step engine that is checked (default: ${DEFAULT-VALUE}).")
  private String engine;

  @Option(
      names = "--against",
      paramLabel = "NAME",
      defaultValue = "onednn",
      description = "The step engine that it is held against (default: ${DEFAULT-VALUE}).")
  private String against;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "cpu",
      description = "What the engine computes on: ${COMPLETION-CANDIDATES} (default: cpu).")
  private Device device;

  @Option(names = "--json", paramLabel = "FILE", description = "Where all numbers are written.")
  private Path json;

  @Override
  public Integer call() {
    DeviceCheck check = new DeviceCheck(engine, against, device, threads(), System.out::print);
    CheckReport report = check.run();
    if (json != null) {
      try {
        Files.write(json, Json.pretty(report));
      } catch (IOException e) {
        throw Storage.writeFailure("--json " + json, e);
      }
    }
    System.out.println(report.conclusion());
    return report.holds() ? 0 : 1;
  }

  /** What native code takes when it is loaded. */
  private static int threads() {
    String set = System.getenv(THREADS);
    return set != null && set.matches("[1-9]\\d{0,3}")
        ? Integer.parseInt(set)
        : Runtime.getRuntime().availableProcessors();
  }
}
