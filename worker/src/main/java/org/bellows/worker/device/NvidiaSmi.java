// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks NVIDIA's driver for its devices, by the tool that comes with it. */
public final class NvidiaSmi {
  private static final long TIMEOUT_SECONDS = 30;
  private static final int FIELDS = 6;

  private final List<String> command;
  private final long timeoutSeconds;

  /** The program on the path. */
  public NvidiaSmi() {
    this("nvidia-smi");
  }

  NvidiaSmi(String program) {
    this(program, TIMEOUT_SECONDS);
  }

  NvidiaSmi(String program, long timeoutSeconds) {
    this.timeoutSeconds = timeoutSeconds;
    this.command =
        List.of(
            program,
            "--query-gpu=index,uuid,driver_version,compute_cap,memory.total,name",
            "--format=csv,noheader,nounits");
  }

  /**
   * @throws UnusableDeviceException when there is no driver, it does not answer, or it is so old
   *     that it does not know compute capabilities
   */
  public List<Gpu> devices() {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      // What it says of all devices fits into the pipe, so that it need not be read meanwhile.
      if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw unusable("does not end within " + timeoutSeconds + " s", null);
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        throw unusable(
            "ends with status %d and says \"%s\""
                .formatted(process.exitValue(), said.strip().lines().findFirst().orElse("")),
            null);
      }
      return parse(said);
    } catch (IOException e) {
      throw unusable("cannot be run (" + e.getMessage() + "): no NVIDIA driver is installed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unusable("was interrupted", e);
    }
  }

  /**
   * @param said lines of index, UUID, driver version, compute capability, mebibytes of memory, name
   */
  static List<Gpu> parse(String said) {
    List<Gpu> devices = new ArrayList<>();
    for (String line : said.strip().lines().toList()) {
      String[] fields = line.split(",", FIELDS);
      if (fields.length != FIELDS || !fields[0].strip().matches("\\d{1,9}")) {
        throw unusable("says \"" + line.strip() + "\", expected six fields about a device", null);
      }
      devices.add(
          new Gpu(
              Integer.parseInt(fields[0].strip()),
              fields[1].strip(),
              fields[5].strip(),
              fields[2].strip(),
              fields[3].strip(),
              mebibytes(fields[4].strip())));
    }
    return devices;
  }

  /** Devices that share the host's memory have no number there. */
  private static long mebibytes(String said) {
    return said.matches("\\d{1,12}") ? Long.parseLong(said) : 0;
  }

  private static UnusableDeviceException unusable(String what, Throwable cause) {
    return new UnusableDeviceException(
        "cannot compute on a GPU: nvidia-smi %s; %s".formatted(what, CudaBuild.SUPPORTED), cause);
  }
}
