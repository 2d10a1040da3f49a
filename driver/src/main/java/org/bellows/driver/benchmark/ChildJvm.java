// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.BellowsException;

/**
 * A process of its own for a part of a measurement, with this one's class path and options. Native
 * code takes its number of threads from the environment when it is loaded.
 *
 * @param threads OMP_NUM_THREADS
 * @param heapMebibytes largest heap
 * @param through a command that starts the one behind it, such as nsenter; may be empty
 */
public record ChildJvm(int threads, long heapMebibytes, List<String> through) {

  /** Started as it is. */
  public ChildJvm(int threads, long heapMebibytes) {
    this(threads, heapMebibytes, List.of());
  }

  /** Starts a main class; what it says appears where this process's words do. */
  public Process start(Class<?> main, List<String> arguments) {
    return start(command(main, arguments).inheritIO());
  }

  /** Likewise, but its standard input and output are this process's to write and to read. */
  public Process startPiped(Class<?> main, List<String> arguments) {
    return start(command(main, arguments).redirectError(ProcessBuilder.Redirect.INHERIT));
  }

  private ProcessBuilder command(Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>(through);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Spark's settings may hold secrets, here from a file; a command line is seen by everybody.
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Xm") && !option.startsWith("-Dspark."))
        .forEach(command::add);
    command.add("-Xmx" + heapMebibytes + "m");
    // As large as the heap by default, and too small for plans of several contenders.
    command.add("-Dorg.bytedeco.javacpp.maxbytes=0");
    command.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    command.add(main.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    // Hundreds of jars; ONNX Runtime 1.29 crashes where the command line is that long.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
    return builder;
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw BellowsException.infrastructure("cannot start a process: " + e.getMessage(), e);
    }
  }

  /**
   * Runs a main class to its end.
   *
   * @throws BellowsException (infrastructure) when it fails
   */
  public void run(Class<?> main, List<String> arguments) {
    Process process = start(main, arguments);
    try {
      int code = process.waitFor();
      if (code != 0) {
        throw BellowsException.infrastructure(
            "%s %s ended with exit code %d, expected 0"
                .formatted(main.getSimpleName(), String.join(" ", arguments), code));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure(
          "interrupted while " + main.getSimpleName() + " measured", e);
    }
  }
}
