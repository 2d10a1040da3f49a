// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bellows.driver.benchmark.ChildJvm;
import org.bellows.worker.files.Json;

/**
 * A process that measures one network, so that its threads and its memory are of this network
 * alone. It writes its result as JSON to the file that its first argument names.
 */
public final class ChildMeasurement {
  private ChildMeasurement() {}

  /**
   * @param main of the process
   * @param words its arguments but for the first
   * @param result what the file holds
   */
  public static <T> T take(ChildJvm process, Class<?> main, List<String> words, Class<T> result) {
    try {
      Path file = Files.createTempFile("bellows-measurement", ".json");
      try {
        List<String> arguments = new ArrayList<>(List.of(file.toString()));
        arguments.addAll(words);
        process.run(main, arguments);
        return Json.read(Files.readAllBytes(file), result, file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
