// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.Device;
import org.bellows.conf.Precision;
import org.bellows.driver.benchmark.ChildJvm;
import org.bellows.worker.device.Gpu;
import org.bellows.worker.device.ProcessDevice;
import org.bellows.worker.engine.EngineRequest;

/**
 * The same pass again and again.
 *
 * @param hashes SHA-256 of the results, the last computed by another process
 */
record Repeats(String what, List<String> hashes) {
  private static final int TIMES = 5;
  private static final long HEAP_MEBIBYTES = 1000;

  /**
   * @param threads of the other process, as many as this one has
   */
  static Repeats of(CheckCase work, EngineRequest engine, int threads) {
    List<String> hashes = new ArrayList<>();
    try (CheckedEngine checked = new CheckedEngine(work, engine)) {
      for (int i = 0; i < TIMES; i++) {
        hashes.add(checked.pass().sha256());
      }
    }
    hashes.add(elsewhere(work, engine, threads));
    return new Repeats(work.name(), hashes);
  }

  private static String elsewhere(CheckCase work, EngineRequest engine, int threads) {
    try {
      Path file = Files.createTempFile("bellows-device-check", ".sha256");
      try {
        new ChildJvm(threads, HEAP_MEBIBYTES)
            .run(
                Repeats.class,
                List.of(
                    file.toString(),
                    work.name(),
                    engine.name(),
                    engine.arithmetic().precision().name(),
                    engine.device().name(),
                    ProcessDevice.current().map(Gpu::uuid).orElse("")));
        return Files.readString(file, StandardCharsets.US_ASCII);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The other process: file for the hash, network, engine, precision, device, its UUID. */
  public static void main(String[] arguments) throws IOException {
    CheckCase work =
        NetworkCases.all().stream()
            .filter(one -> one.name().equals(arguments[1]))
            .findFirst()
            .orElseThrow();
    Device device = Device.valueOf(arguments[4]);
    if (device == Device.GPU) {
      ProcessDevice.share(arguments[5]);
    }
    EngineRequest engine =
        DeviceCheck.request(arguments[2], Precision.valueOf(arguments[3]), device);
    try (CheckedEngine checked = new CheckedEngine(work, engine)) {
      Files.writeString(Path.of(arguments[0]), checked.pass().sha256(), StandardCharsets.US_ASCII);
    }
  }

  boolean holds() {
    return hashes.stream().distinct().count() == 1;
  }

  String line() {
    return "  %-26s %d times here and once in another process: %s%n"
        .formatted(
            what,
            TIMES,
            holds()
                ? "the same bits (" + hashes.get(0).substring(0, 12) + ")  ok"
                : "%d different results  FAILED".formatted(hashes.stream().distinct().count()));
  }
}
