// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bellows.testing.S3Server;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bundle's {@code bin/bellows} on a server with S3's protocol, with the connector and its
 * settings given as {@code docs/object-stores.md} says, and executors in processes of their own. Of
 * two starts of {@code prepare} one is refused, a driver is killed, and the run ends with the bits
 * of one on a local disk.
 */
@Tag("slow")
@Timeout(1800)
class S3ChainTest {
  private static final int COMMAND_SECONDS = 300;
  private static final int IMAGES = 192;
  private static final int OF_A_TEST_SPLIT = 24;
  private static final int KILLED = 128 + 9;

  /** Processes live for seconds here: what is compiled less starts sooner. */
  private static final String JAVA_OPTIONS =
      "-Xmx1g -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dspark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1";

  /** 6 lanes of 4: 6 steps an epoch. */
  private static final List<String> TRAINING =
      List.of(
          "model.name=lenet5",
          "model.height-pixels=32",
          "model.width-pixels=32",
          "train.epochs=4",
          "train.global-batch=24",
          "train.lane-batch=4",
          "schedule.base-lr=0.1",
          "schedule.warmup-epochs=1",
          "checkpoint.interval-steps=4");

  private static final List<String> ONE_PROCESS =
      List.of("--master=local[1]", "--set=cluster.executors=1");
  private static final List<String> TWO_EXECUTORS =
      List.of("--set=cluster.executors=2", "--set=cluster.executor-memory-mebibytes=768");

  private static final List<String> ON_S3 =
      List.of("prepare-1", "prepare-2", "train-killed", "train", "evaluate", "features", "predict");

  private static final Bundle BUNDLE = Bundle.built();

  @TempDir static Path folder;

  private static final List<Process> STARTED = new ArrayList<>();
  private static S3Server server;
  private static S3Site site;

  @BeforeAll
  static void startServer() throws Exception {
    server = new S3Server(folder.resolve("s3"));
    site = S3Site.of(server, folder.resolve("site"));
    Process upload =
        site.uploadPictures(BUNDLE, server, folder.resolve("upload.log"), JAVA_OPTIONS);
    STARTED.add(upload);
    endsWith(0, upload, "upload");
  }

  @AfterAll
  static void stopAll() throws InterruptedException {
    Processes.end(STARTED);
    if (server != null) {
      server.close();
    }
  }

  @Test
  void theWholeChainWithTwoStartsAndAKilledDriver() throws Exception {
    Process first = onS3("prepare-1", prepare(server.root(), server.root(), TWO_EXECUTORS));
    Process second = onS3("prepare-2", prepare(server.root(), server.root(), TWO_EXECUTORS));
    oneOfTwoPrepares(first, second);
    Process local = start("prepare-local", Map.of(), prepare(local(), disk(), ONE_PROCESS));

    Process killed = onS3("train-killed", train(server.root(), TWO_EXECUTORS));
    awaitFile(server.bucket().resolve("run/checkpoints/step-000000004/MANIFEST.json"), killed);
    assertThat(killed.destroyForcibly().waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(killed.exitValue()).as(said("train-killed")).isEqualTo(KILLED);
    assertThat(server.bucket().resolve("run/result.json")).doesNotExist();
    endsWith(0, local, "prepare-local");
    Process onDisk = start("train-local", Map.of(), train(disk(), ONE_PROCESS));
    endsWith(0, onS3("train", train(server.root(), TWO_EXECUTORS)), "train");
    assertThat(said("train"))
        .containsPattern("resumed from the checkpoint of step [1-9]\\d* on 2 executors");
    endsWith(0, onDisk, "train-local");
    assertThat(metrics("run").get("parameters-sha256"))
        .isNotNull()
        .isEqualTo(metrics(folder.resolve("run")).get("parameters-sha256"));

    usesTheModel();
    for (String name : ON_S3) {
      assertThat(said(name))
          .as(name)
          .doesNotContain(" WARN ", " ERROR ", "amazon", "S3A", "SLF4J", "Exception");
    }
  }

  private static void oneOfTwoPrepares(Process first, Process second) throws Exception {
    ends(first, "prepare-1");
    ends(second, "prepare-2");
    boolean isFirstRefused = first.exitValue() != 0;
    String refused = said(isFirstRefused ? "prepare-1" : "prepare-2");
    assertThat((isFirstRefused ? first : second).exitValue()).as(refused).isEqualTo(2);
    assertThat(refused)
        .contains("data.path s3a://bucket/dataset is being prepared by another run (on host ");
    String prepared = said(isFirstRefused ? "prepare-2" : "prepare-1");
    assertThat((isFirstRefused ? second : first).exitValue()).as(prepared).isZero();
    assertThat(metrics("dataset").get("images")).isEqualTo(IMAGES);
  }

  private static void usesTheModel() throws Exception {
    String model = "--set=model.path=" + server.root() + "/run";
    String data = "--set=data.path=" + server.root() + "/dataset";
    Process evaluation =
        onS3(
            "evaluate",
            with(
                List.of("evaluate", model, data, output(server.root(), "evaluation")),
                ONE_PROCESS));
    Process extraction =
        onS3(
            "features",
            with(
                List.of("extract-features", model, data, output(server.root(), "features")),
                ONE_PROCESS));
    endsWith(0, evaluation, "evaluate");
    assertThat(metrics("evaluation").get("samples")).isEqualTo(OF_A_TEST_SPLIT);
    endsWith(0, extraction, "features");
    assertThat(metrics("features").get("images")).isEqualTo(IMAGES);
    String picture;
    try (Stream<Path> pictures = Files.walk(server.bucket().resolve("source/pictures/test"))) {
      picture =
          server
              .bucket()
              .relativize(pictures.filter(Files::isRegularFile).sorted().findFirst().orElseThrow())
              .toString();
    }
    endsWith(
        0, onS3("predict", List.of("predict", model, server.root() + "/" + picture)), "predict");
    assertThat(said("predict")).contains(picture);
  }

  private static List<String> prepare(String from, String into, List<String> where) {
    return with(
        List.of(
            "prepare",
            "--set=source.path=" + from + "/source/pictures",
            "--set=data.path=" + into + "/dataset"),
        where);
  }

  private static List<String> train(String root, List<String> where) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "--set=data.path=" + root + "/dataset", output(root, "run")));
    TRAINING.forEach(setting -> arguments.add("--set=" + setting));
    return with(arguments, where);
  }

  private static String output(String root, String name) {
    return "--set=output.path=" + root + "/" + name;
  }

  private static List<String> with(List<String> arguments, List<String> more) {
    return Stream.concat(arguments.stream(), more.stream()).toList();
  }

  /** The pictures without the store. */
  private static String local() {
    return server.bucket().toString();
  }

  private static String disk() {
    return folder.toString();
  }

  private static Process onS3(String name, List<String> arguments) throws IOException {
    return start(name, Map.of("BELLOWS_CLASS_PATH", site.classPath()), arguments);
  }

  private static Process start(String name, Map<String, String> environment, List<String> arguments)
      throws IOException {
    Process process =
        BUNDLE.start(
            "bin/bellows",
            folder.resolve(name + ".log"),
            with(environment, Map.of("BELLOWS_JAVA_OPTIONS", JAVA_OPTIONS)),
            arguments);
    STARTED.add(process);
    return process;
  }

  private static Map<String, String> with(Map<String, String> one, Map<String, String> other) {
    return Stream.of(one, other)
        .flatMap(map -> map.entrySet().stream())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static void awaitFile(Path file, Process writer) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(COMMAND_SECONDS);
    while (!Files.exists(file)) {
      if (!writer.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("no " + file + ": " + said("train-killed"));
      }
      Thread.sleep(10);
    }
  }

  private static void endsWith(int exitCode, Process command, String name) throws Exception {
    ends(command, name);
    assertThat(command.exitValue()).as(said(name)).isEqualTo(exitCode);
  }

  private static void ends(Process command, String name) throws InterruptedException {
    assertThat(command.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)).as(said(name)).isTrue();
  }

  private static String said(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** On the bucket's files. */
  private static Map<?, ?> metrics(String result) throws IOException {
    return metrics(server.bucket().resolve(result));
  }

  private static Map<?, ?> metrics(Path result) throws IOException {
    Map<?, ?> document =
        Json.read(Files.readAllBytes(result.resolve("result.json")), Map.class, "" + result);
    assertThat(document.get("status")).isEqualTo("succeeded");
    return (Map<?, ?>) document.get("metrics");
  }
}
