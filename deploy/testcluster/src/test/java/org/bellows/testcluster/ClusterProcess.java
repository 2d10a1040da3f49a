// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;

/** A {@link HadoopCluster} in a process of its own. */
final class ClusterProcess implements AutoCloseable {
  private static final int START_SECONDS = 120;
  private static final int STOP_SECONDS = 30;

  private final Process process;
  private final Path configuration;

  private ClusterProcess(Process process, Path configuration) {
    this.process = process;
    this.configuration = configuration;
  }

  static ClusterProcess start(Bundle bundle, Path folder) throws Exception {
    String built = Bundle.property("bellows.cluster");
    String classPath =
        String.join(
            ":",
            built + "/classes",
            built + "/lib/*",
            bundle.file("spark/jars") + "/*",
            bundle.file("lib") + "/*");
    Files.createDirectories(folder);
    Path log = folder.resolve("cluster.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                classPath,
                HadoopCluster.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Path configuration = folder.resolve(HadoopCluster.CONFIGURATION);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!Files.exists(configuration)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new IllegalStateException("the cluster did not start: " + Files.readString(log));
      }
      Thread.sleep(100);
    }
    return new ClusterProcess(process, configuration);
  }

  /** A client's folder of site files. */
  Path configuration() {
    return configuration;
  }

  Configuration hadoop() {
    Configuration hadoop = new Configuration();
    hadoop.addResource(
        new org.apache.hadoop.fs.Path(configuration.resolve("core-site.xml").toUri()));
    return hadoop;
  }

  /** Processes in containers whose main class and arguments are so. */
  List<ProcessHandle> containers(Predicate<String> commandLine) {
    return process
        .descendants()
        .filter(
            handle -> {
              String line = commandLine(handle.pid());
              return !line.startsWith("bash ")
                  && !line.startsWith("/bin/bash ")
                  && commandLine.test(line);
            })
        .toList();
  }

  /** Whole, which ProcessHandle does not give. Empty: it has ended. */
  private static String commandLine(long pid) {
    Path file = Path.of("/proc", Long.toString(pid), "cmdline");
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).replace('\0', ' ');
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing of it is looked at any more, and an orderly end takes its servers half a minute. */
  @Override
  public void close() throws Exception {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the cluster does not end: process " + process.pid());
    }
  }
}
