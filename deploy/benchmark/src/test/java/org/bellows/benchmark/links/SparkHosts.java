// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.bellows.driver.command.Bellows;

/**
 * A standalone cluster of Spark on the hosts of a {@link HostNetwork}: the master and the driver on
 * the first, a worker on each other one. All processes are children of this one, in its namespaces.
 */
final class SparkHosts implements AutoCloseable {
  /** Where master and driver are. */
  static final int DRIVER_HOST = 0;

  private static final int EXECUTOR_MEBIBYTES = 768;
  private static final int PORT = 7077;
  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

  private final HostNetwork network;
  private final int executorsOfHost;
  private final int timeoutSeconds;
  private final Path folder;
  private final Process master;
  private final Map<Integer, Process> workers = new TreeMap<>();

  /**
   * @param hosts with that of the driver
   * @param timeoutSeconds within which Spark notices what does not answer any more
   * @param folder for logs and all that Spark writes
   */
  SparkHosts(HostNetwork network, int hosts, int executorsOfHost, int timeoutSeconds, Path folder) {
    this.timeoutSeconds = timeoutSeconds;
    this.network = network;
    this.executorsOfHost = executorsOfHost;
    this.folder = folder;
    endWithItsParent();
    folder("spark-home/jars");
    master =
        start(
            DRIVER_HOST,
            "master",
            List.of(
                "-Xmx256m",
                "-Dspark.worker.timeout=" + timeoutSeconds,
                Master.class.getName(),
                "--host",
                network.address(DRIVER_HOST),
                "--port",
                Integer.toString(PORT)));
    for (int host = 1; host < hosts; host++) {
      startWorker(host);
    }
  }

  /** However the test ends, no process of the cluster is left. */
  private static void endWithItsParent() {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () ->
                    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
    ProcessHandle.current().parent().orElseThrow().onExit().thenRun(() -> System.exit(1));
  }

  /** The host is there, or is there again. */
  void startWorker(int host) {
    workers.put(
        host,
        start(
            host,
            "worker-" + host,
            List.of(
                "-Xmx256m",
                "-Dspark.worker.timeout=" + timeoutSeconds,
                "-Dspark.decommission.enabled=true",
                Worker.class.getName(),
                "--host",
                network.address(host),
                "--cores",
                Integer.toString(executorsOfHost),
                "--memory",
                2 * executorsOfHost + "g",
                "--work-dir",
                folder("work-" + host).toString(),
                url())));
  }

  private String url() {
    return "spark://%s:%d".formatted(network.address(DRIVER_HOST), PORT);
  }

  /**
   * Starts a command of Bellows on the first host.
   *
   * @param log what it says
   */
  Process command(Path log, List<String> arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "-Xmx768m",
                "-Dspark.master=" + url(),
                "-Dspark.driver.host=" + network.address(DRIVER_HOST),
                "-Dspark.driver.bindAddress=" + network.address(DRIVER_HOST),
                "-Dspark.ui.enabled=false",
                "-Dspark.executor.memory=%dm".formatted(EXECUTOR_MEBIBYTES),
                "-Dspark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC "
                    + String.join(" ", natives()),
                "-Dspark.decommission.enabled=true",
                "-Dspark.network.timeout=%ds".formatted(timeoutSeconds),
                "-Dspark.network.timeoutInterval=3s",
                "-Dspark.executor.heartbeatInterval=2s",
                Bellows.class.getName()));
    all.addAll(arguments);
    return start(DRIVER_HOST, log, all);
  }

  private static List<String> natives() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-Dorg.bytedeco.javacpp.cachedir="))
        .toList();
  }

  private Process start(int host, String name, List<String> words) {
    return start(host, folder.resolve(name + ".log"), words);
  }

  private Process start(int host, Path log, List<String> words) {
    List<String> command = new ArrayList<>(network.through(host));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Xm") && !option.startsWith("-Dspark."))
        .forEach(command::add);
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Map<String, String> environment = builder.environment();
    environment.put("CLASSPATH", absoluteClassPath());
    environment.put("SPARK_HOME", folder("spark-home").toString());
    environment.put("SPARK_LOCAL_IP", network.address(host));
    environment.put("SPARK_LOCAL_HOSTNAME", network.address(host));
    environment.put("SPARK_LOCAL_DIRS", folder("local").toString());
    environment.put("SPARK_SCALA_VERSION", "2.12");
    environment.put("OMP_NUM_THREADS", "1");
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String absoluteClassPath() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      entries.add(new File(entry).getAbsolutePath());
    }
    return String.join(File.pathSeparator, entries);
  }

  private Path folder(String name) {
    try {
      return Files.createDirectories(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The executors that run on a host. */
  List<ProcessHandle> executors(int host) {
    return workers
        .get(host)
        .descendants()
        .filter(process -> process.isAlive() && commandLine(process).contains(EXECUTOR))
        .toList();
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/%d/cmdline".formatted(process.pid())));
    } catch (IOException e) {
      // It has ended meanwhile.
      return "";
    }
  }

  /** Sends a signal, unless the process has ended. */
  static void signal(ProcessHandle process, String name) {
    if (process.isAlive()) {
      SystemCommand.run("kill -%s %d".formatted(name, process.pid()));
    }
  }

  /** The host goes, with all that runs on it. */
  void kill(int host) {
    List<ProcessHandle> executors = executors(host);
    end(workers.get(host));
    executors.forEach(executor -> signal(executor, "KILL"));
  }

  /** Spark's worker is told that its host will go: it and its executors are decommissioned. */
  void decommission(int host) {
    signal(workers.get(host).toHandle(), "PWR");
  }

  private static void end(Process process) {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    workers.keySet().forEach(this::kill);
    end(master);
  }
}
