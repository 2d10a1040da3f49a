// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A bundle with the real scripts and no jars, and a Java that writes down what it is called with
 * instead of running it. So what a script would start can be looked at, and started in this
 * process.
 */
final class SubmitScript {
  /** Ends each word, so that words may hold anything else. */
  private static final String RECORDING_JAVA =
      """
      #!/bin/bash
      printf '%s\\0' "$@" >"$RECORDED_WORDS"
      """;

  private final Path bundle;
  private final Path javaHome;
  private final Path tools;

  SubmitScript(Path folder) throws IOException {
    bundle = folder.resolve("bundle");
    javaHome = folder.resolve("java");
    tools = folder.resolve("tools");
    for (String scripts : List.of("bin", "targets/kubernetes", "schedules")) {
      copy(Manifests.DEPLOY.resolve(scripts), bundle.resolve(scripts));
    }
    write(bundle.resolve("lib/bellows-driver-1.jar"), "");
    write(bundle.resolve("spark/jars/spark-core_2.12-3.5.5.jar"), "");
    write(javaHome.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
    tool(javaHome.resolve("bin/java"), RECORDING_JAVA);
    Files.createDirectories(tools);
  }

  /** What a script did. */
  record Ended(int exitCode, List<String> words, String said) {
    /** What follows a main class on Java's command line. */
    List<String> argumentsOf(String mainClass) {
      return words.subList(words.indexOf(mainClass) + 1, words.size());
    }
  }

  /** A program that scripts find by its name. */
  void tool(String name, String text) throws IOException {
    tool(tools.resolve(name), text);
  }

  Path targetFolder() {
    return bundle.resolve("targets/kubernetes");
  }

  Ended run(String script, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path words = bundle.resolve("words");
    Files.deleteIfExists(words);
    List<String> command = new ArrayList<>();
    command.add(bundle.resolve(script).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_"));
    builder.environment().put("JAVA_HOME", javaHome.toString());
    builder.environment().put("PATH", tools + ":/usr/bin:/bin");
    builder.environment().put("RECORDED_WORDS", words.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException(script + " still runs after 120 s; it said: " + said);
    }
    List<String> recorded =
        Files.exists(words) ? Arrays.asList(Files.readString(words).split("\0", -1)) : List.of();
    return new Ended(
        process.exitValue(),
        recorded.isEmpty() ? recorded : recorded.subList(0, recorded.size() - 1),
        said);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = to.resolve(from.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  private static void tool(Path file, String text) throws IOException {
    write(file, text);
    if (!file.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + file + " executable");
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
