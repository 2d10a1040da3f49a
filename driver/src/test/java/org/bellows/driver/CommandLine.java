// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bellows.driver.command.Bellows;
import org.bellows.worker.files.Json;

/** Runs commands as the launcher does, in this process, and catches what they print. */
public final class CommandLine {
  private CommandLine() {}

  /** What a person sees. */
  public record Said(int exitCode, String out, String err) {}

  public static Said run(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream caughtOut = new ByteArrayOutputStream();
    ByteArrayOutputStream caughtErr = new ByteArrayOutputStream();
    try (PrintStream newOut = new PrintStream(caughtOut, true, StandardCharsets.UTF_8);
        PrintStream newErr = new PrintStream(caughtErr, true, StandardCharsets.UTF_8)) {
      System.setOut(newOut);
      System.setErr(newErr);
      int exitCode = Bellows.run(args);
      return new Said(
          exitCode,
          caughtOut.toString(StandardCharsets.UTF_8),
          caughtErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** result.json of a folder, whose metrics the documents must list. */
  public static Map<?, ?> result(Path folder) throws IOException {
    Map<?, ?> result =
        Json.read(Files.readAllBytes(folder.resolve("result.json")), Map.class, folder);
    ResultDocument.check(result);
    return result;
  }

  public static Object metric(Path folder, String name) throws IOException {
    return ((Map<?, ?>) result(folder).get("metrics")).get(name);
  }
}
