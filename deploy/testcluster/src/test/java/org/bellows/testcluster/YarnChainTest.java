// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.bellows.testing.S3Server;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bundle's {@code submit} in cluster mode, from pictures on HDFS to features on HDFS. An
 * executor's container is killed, and so is a driver's; the run ends with the bits of one process
 * that nothing happened to.
 */
@Tag("slow")
@Timeout(1800)
class YarnChainTest {
  private static final int SUBMISSION_SECONDS = 400;
  private static final String EXECUTOR = "YarnCoarseGrainedExecutorBackend";
  private static final String DRIVER = "yarn.ApplicationMaster ";

  /** 6 lanes of 4: 6 steps an epoch. */
  private static final List<String> SETTINGS =
      List.of(
          "model.name=lenet5",
          "model.height-pixels=32",
          "model.width-pixels=32",
          "train.epochs=10",
          "train.global-batch=24",
          "train.lane-batch=4",
          "schedule.base-lr=0.1",
          "schedule.warmup-epochs=1",
          "checkpoint.interval-steps=4",
          "cluster.executor-memory-mebibytes=768");

  private static final int STEPS = 60;

  /** Processes live for seconds here: what is compiled less starts sooner. */
  private static final String FAST_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  /** One unpack of the native libraries for all. */
  private static final String ONE_CACHE =
      " -Dorg.bytedeco.javacpp.cachedir="
          + Path.of(
              System.getProperty("java.io.tmpdir"),
              "bellows-native-" + System.getProperty("user.name"));

  private static final String ONE_EXECUTOR = "--set=cluster.executors=1";

  @TempDir static Path folder;

  private static final Bundle BUNDLE = Bundle.built();
  private static final List<Process> STARTED = new ArrayList<>();
  private static ClusterProcess cluster;
  private static FileSystem files;
  private static String libraries;

  @BeforeAll
  static void startCluster() throws Exception {
    cluster = ClusterProcess.start(BUNDLE, folder.resolve("cluster"));
    files = FileSystem.get(cluster.hadoop());
    Pictures.render(cluster.hadoop(), at("/pictures"));
    libraries = at("/apps/bellows/bellows-libraries.zip");
    files.copyFromLocalFile(
        path(BUNDLE.file("submit/bellows-libraries.zip").toString()), path(libraries));
    writeProperties();
  }

  /** The shipped ones, where Spark lies, and of Bellows' settings those that all commands share. */
  private static void writeProperties() throws IOException {
    List<String> lines =
        new ArrayList<>(Files.readAllLines(BUNDLE.file("targets/yarn/spark-defaults.conf")));
    lines.add("spark.yarn.jars local:" + BUNDLE.file("spark/jars") + "/*");
    lines.add("spark.driver.extraJavaOptions " + FAST_START + ONE_CACHE);
    lines.add("spark.executor.extraJavaOptions " + FAST_START + ONE_CACHE);
    lines.add("spark.bellows.data.path " + at("/dataset"));
    SETTINGS.forEach(setting -> lines.add("spark.bellows." + setting.replace('=', ' ')));
    Files.write(folder.resolve("spark.conf"), lines);
  }

  @AfterAll
  static void stopAll() throws Exception {
    Processes.end(STARTED);
    if (files != null) {
      files.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String at(String path) {
    return cluster.hadoop().get(FileSystem.FS_DEFAULT_NAME_KEY) + path;
  }

  private static org.apache.hadoop.fs.Path path(String path) {
    return new org.apache.hadoop.fs.Path(path);
  }

  private static Process start(String name, String... arguments) throws IOException {
    return start(name, folder.resolve("spark.conf"), arguments);
  }

  private static Process start(String name, Path properties, String... arguments)
      throws IOException {
    Process process =
        BUNDLE.start(
            "targets/yarn/submit",
            log(name),
            Map.of(
                "BELLOWS_JAVA_OPTIONS",
                FAST_START,
                "HADOOP_CONF_DIR",
                cluster.configuration().toString(),
                "BELLOWS_SPARK_PROPERTIES",
                properties.toString(),
                "BELLOWS_LIBRARIES",
                libraries),
            List.of(arguments));
    STARTED.add(process);
    return process;
  }

  private static Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private static void endsWith(int exitCode, Process submission, String name) throws Exception {
    boolean ended = submission.waitFor(SUBMISSION_SECONDS, TimeUnit.SECONDS);
    String said = Files.readString(log(name)) + String.join("\n", containerLogs());
    assertThat(ended).as("%s has not ended: %s", name, said).isTrue();
    assertThat(submission.exitValue()).as("%s", said).isEqualTo(exitCode);
  }

  /** Standard error of each container; its folder of work comes and goes, that of logs stays. */
  private static List<String> containerLogs() throws IOException {
    List<String> logs = new ArrayList<>();
    try (Stream<Path> nodes =
        Files.find(
            folder.resolve("cluster/yarn"),
            2,
            (file, is) -> file.toString().contains("-logDir-"))) {
      for (Path node : nodes.toList()) {
        logs.addAll(errorsBelow(node));
      }
    }
    return logs;
  }

  private static List<String> errorsBelow(Path node) throws IOException {
    List<String> logs = new ArrayList<>();
    try (Stream<Path> all = Files.walk(node)) {
      for (Path log : all.filter(file -> file.endsWith("stderr")).sorted().toList()) {
        logs.add(log + "\n" + Files.readString(log));
      }
    }
    return logs;
  }

  private static void succeeds(String name, String... arguments) throws Exception {
    endsWith(0, start(name, arguments), name);
  }

  private static Map<?, ?> result(String folder) throws IOException {
    return Json.read(read(folder + "/result.json"), Map.class, folder);
  }

  private static byte[] read(String file) throws IOException {
    try (InputStream in = files.open(path(file))) {
      return in.readAllBytes();
    }
  }

  private static Map<?, ?> metrics(String folder) throws IOException {
    Map<?, ?> result = result(folder);
    assertThat(result.get("status")).isEqualTo("succeeded");
    return (Map<?, ?>) result.get("metrics");
  }

  private static boolean hasCheckpoint(String run, int step) throws IOException {
    return files.exists(path(run + "/checkpoints/step-%09d/MANIFEST.json".formatted(step)));
  }

  private static void awaitCheckpoint(String run, int step) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SUBMISSION_SECONDS);
    while (!hasCheckpoint(run, step)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("no checkpoint of step " + step + ": " + containerLogs());
      }
      Thread.sleep(50);
    }
  }

  /** As the kernel or the node manager does with a container that takes too much. */
  private static void kill(String what, String run) throws IOException {
    List<ProcessHandle> found = cluster.containers(line -> line.contains(what));
    assertThat(found).as("%s", what).isNotEmpty();
    assertThat(found.get(0).destroyForcibly()).isTrue();
    assertThat(hasCheckpoint(run, STEPS)).as("the run is over already").isFalse();
  }

  @Test
  void theWholeChainInClusterModeWithContainersKilledOnTheWay() throws Exception {
    succeeds("prepare", "prepare", ONE_EXECUTOR, "--set=source.path=" + at("/pictures"));
    assertThat(metrics("/dataset").get("images")).isEqualTo(192);

    Process undisturbed = trainUndisturbedInOneProcess();
    Process training = start("train", "train", "--set=output.path=" + at("/run"));
    awaitCheckpoint("/run", 4);
    kill(EXECUTOR, "/run");
    awaitCheckpoint("/run", 20);
    kill(DRIVER, "/run");
    endsWith(0, training, "train");
    assertThat(metrics("/run").get("steps")).isEqualTo(STEPS);
    // While it computed, or between two segments.
    Pattern loss =
        Pattern.compile("failure 1 at or after step \\d+: .*( was lost: | was replaced between )");
    assertThat(containerLogs()).anyMatch(log -> loss.matcher(log).find());
    assertThat(new String(read("/run/notes.json"), StandardCharsets.UTF_8))
        .contains("resumed from the checkpoint of step");

    Process evaluation =
        start(
            "evaluate",
            "evaluate",
            ONE_EXECUTOR,
            "--set=model.path=" + at("/run"),
            "--set=output.path=" + at("/evaluation"));
    Process extraction =
        start(
            "extract-features",
            "extract-features",
            ONE_EXECUTOR,
            "--set=model.path=" + at("/run"),
            "--set=output.path=" + at("/features"));
    endsWith(0, evaluation, "evaluate");
    assertThat(metrics("/evaluation").get("top1")).isNotNull();
    endsWith(0, extraction, "extract-features");
    assertThat(metrics("/features").get("images")).isEqualTo(192);
    List<String> parquet = new ArrayList<>();
    for (FileStatus file : files.listStatus(path("/features/features"))) {
      parquet.add(file.getPath().getName());
    }
    assertThat(parquet).anyMatch(name -> name.endsWith(".parquet"));

    endsWith(0, undisturbed, "undisturbed");
    assertThat(metrics("/run").get("parameters-sha256"))
        .isEqualTo(metrics("/undisturbed").get("parameters-sha256"));
  }

  /** As docs/object-stores.md says for this target. */
  @Test
  void aConnectorIsGivenAsJarsOfSpark() throws Exception {
    try (S3Server server = new S3Server(folder.resolve("s3"))) {
      S3Site site = S3Site.of(server, folder.resolve("site"));
      Process upload = site.uploadPictures(BUNDLE, server, log("upload"), FAST_START);
      STARTED.add(upload);
      endsWith(0, upload, "upload");
      List<String> lines = new ArrayList<>(Files.readAllLines(folder.resolve("spark.conf")));
      lines.add("spark.jars " + String.join(",", connector()));
      server.client().forEach((key, value) -> lines.add("spark.hadoop." + key + " " + value));
      Path properties = Files.write(folder.resolve("s3.conf"), lines);
      Process preparation =
          start(
              "from-s3",
              properties,
              "prepare",
              ONE_EXECUTOR,
              "--set=source.path=" + server.root() + "/source/pictures",
              "--set=data.path=" + server.root() + "/dataset");
      endsWith(0, preparation, "from-s3");
      assertThat(server.bucket().resolve("dataset/manifest.json")).exists();
    }
  }

  private static List<String> connector() throws IOException {
    try (Stream<Path> jars = Files.list(Path.of(Bundle.property("bellows.cluster"), "connector"))) {
      return jars.map(Path::toString).sorted().toList();
    }
  }

  private static Process trainUndisturbedInOneProcess() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("train", "--master=local[1]", ONE_EXECUTOR));
    arguments.add("--set=data.path=" + at("/dataset"));
    arguments.add("--set=output.path=" + at("/undisturbed"));
    SETTINGS.forEach(setting -> arguments.add("--set=" + setting));
    Process process =
        BUNDLE.start(
            "bin/bellows",
            log("undisturbed"),
            Map.of("BELLOWS_JAVA_OPTIONS", FAST_START),
            arguments);
    STARTED.add(process);
    return process;
  }
}
