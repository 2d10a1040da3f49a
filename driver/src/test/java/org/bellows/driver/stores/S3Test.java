// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.util.VersionInfo;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.storage.lease.Lease;
import org.bellows.data.storage.lease.LeaseTerms;
import org.bellows.driver.CommandLine;
import org.bellows.driver.CommandLine.Said;
import org.bellows.driver.TinyTree;
import org.bellows.driver.command.Bellows;
import org.bellows.driver.spark.SiteConfiguration;
import org.bellows.testing.S3Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way on a server with S3's protocol, from pictures to a promoted version. */
@Tag("integration")
@Timeout(600)
class S3Test {
  private static final int KILLED = 128 + 9;
  private static final String PROPERTY = "spark.hadoop.";
  private static final String VERSION = "registry/models/objects/1/";
  private static final List<String> KINDS = List.of("LIST", "HEAD", "GET", "PUT", "COPY", "DELETE");

  @TempDir static Path folder;

  private static S3Server server;
  private static String root;
  private static final List<String> table = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    assumeThat(VersionInfo.getVersion())
        .as("Hadoop, whose S3A needs Amazon's client of version 1, which tests have")
        .startsWith("3.3.");
    server = new S3Server(folder.resolve("s3"));
    root = server.root();
    server.client().forEach((key, value) -> System.setProperty(PROPERTY + key, value));
    TinyTree.render(local("raw"));
  }

  @AfterAll
  static void stop() {
    if (server == null) {
      return;
    }
    server.client().keySet().forEach(key -> System.clearProperty(PROPERTY + key));
    server.close();
  }

  @Test
  void fromPicturesToAPromotedVersion() throws Exception {
    prepares();
    trainsAlthoughTheDriverIsKilled();
    succeeds(
        "evaluate",
        "--set=model.path=" + root + "/run",
        "--set=data.path=" + root + "/dataset",
        "--set=output.path=" + root + "/evaluation",
        "--set=cluster.executors=1",
        "--master=local[1]");
    assertThat(CommandLine.metric(local("evaluation"), "samples")).isEqualTo(24);
    succeeds(
        "extract-features",
        "--set=model.path=" + root + "/run",
        "--set=data.path=" + root + "/dataset",
        "--set=output.path=" + root + "/features",
        "--set=cluster.executors=1",
        "--master=local[1]");
    assertThat(CommandLine.metric(local("features"), "images")).isEqualTo(192);
    Path picture;
    try (Stream<Path> pictures = Files.walk(local("raw/test"))) {
      picture = pictures.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
    Said predicted =
        succeeds(
            "predict",
            "--set=model.path=" + root + "/run",
            root + "/" + server.bucket().relativize(picture));
    assertThat(predicted.out()).contains(picture.getFileName().toString());
    retrains();
    System.out.println("| command | %s |".formatted(String.join(" | ", KINDS)));
    table.forEach(System.out::println);
  }

  @Test
  void whatTheStoreRefusesIsSaid() {
    assertThat(refusal("fs.s3a.secret.key", "wrong", root))
        .startsWith("reading " + root + "/none/manifest.json failed: the store denies it (")
        .contains("Forbidden");
    assertThat(
            refusal(
                "fs.s3a.aws.credentials.provider",
                "com.amazonaws.auth.SystemPropertiesCredentialsProvider",
                root))
        .isEqualTo(
            "reading %s/none/manifest.json failed: there are no credentials for the store (docs/object-stores.md)",
            root);
    assertThat(refusal("fs.s3a.path.style.access", "true", "s3a://another"))
        .startsWith("reading s3a://another/none/manifest.json failed: there is no such bucket (");
  }

  private static String refusal(String key, String value, String bucket) {
    Configuration hadoop = SiteConfiguration.read();
    hadoop.set(key, value);
    hadoop.setBoolean("fs.s3a.impl.disable.cache", true);
    BellowsException failure =
        catchThrowableOfType(
            BellowsException.class, () -> ManifestFile.read(hadoop, bucket + "/none"));
    assertThat(failure.category()).as(failure.getMessage()).isEqualTo(ErrorCategory.CONFIGURATION);
    return failure.getMessage();
  }

  private static Path local(String key) {
    return server.bucket().resolve(key);
  }

  private static String[] prepare() {
    return new String[] {
      "prepare",
      "--set=source.path=" + root + "/raw",
      "--set=data.path=" + root + "/dataset",
      "--set=cluster.executors=1",
      "--master=local[1]"
    };
  }

  private static void prepares() throws IOException {
    LeaseTerms terms = LeaseTerms.watching(Duration.ofSeconds(10));
    org.apache.hadoop.fs.Path lease =
        new org.apache.hadoop.fs.Path(root + "/dataset/.prepare-lease");
    try (Lease other = Lease.take(SiteConfiguration.read(), lease, terms)) {
      assertThat(other.token()).isEqualTo(1);
      Said refused = CommandLine.run(prepare());
      assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
      assertThat(refused.err())
          .contains("data.path " + root + "/dataset is being prepared by another run (on host ");
      count("prepare, refused");
    }
    succeeds(prepare());
    assertThat(CommandLine.metric(local("dataset"), "images")).isEqualTo(192);
  }

  private static String[] train() {
    return TinyTree.train(
        Path.of("/ignored"),
        Path.of("/ignored"),
        1,
        "--set=data.path=" + root + "/dataset",
        "--set=output.path=" + root + "/run",
        "--master=local[1]");
  }

  private static void trainsAlthoughTheDriverIsKilled() throws Exception {
    File log = folder.resolve("killed.log").toFile();
    Process driver = process(log, train());
    Path checkpoint = local("run/checkpoints/step-000000004/MANIFEST.json");
    while (driver.isAlive() && !Files.exists(checkpoint)) {
      Thread.sleep(10);
    }
    driver.destroyForcibly();
    assertThat(driver.waitFor(200, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(log.toPath());
    assertThat(driver.exitValue()).as(said).isEqualTo(KILLED);
    assertThat(local("run/result.json")).doesNotExist();
    count("train, killed");
    Said resumed = succeeds(train());
    assertThat(resumed.err())
        .containsPattern("resumed from the checkpoint of step [1-9]\\d* on 1 executors");
    Path undisturbed = TinyTree.trained();
    server.requests();
    for (String metric : List.of("parameters-sha256", "loss")) {
      assertThat(CommandLine.metric(local("run"), metric))
          .as(metric)
          .isEqualTo(CommandLine.metric(undisturbed, metric));
    }
  }

  private static Process process(File log, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx768m"));
    server.client().forEach((key, value) -> command.add("-D" + PROPERTY + key + "=" + value));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bellows.class.getName()));
    command.addAll(Arrays.asList(args));
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
  }

  private static void retrains() throws IOException {
    String[] args = train();
    args[0] = "retrain";
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(
        List.of(
            "--set=output.path=" + root + "/retrain",
            "--set=registry.path=" + root + "/registry",
            "--set=registry.name=objects",
            "--set=train.epochs=1",
            "--set=schedule.warmup=none",
            "--set=retrain.lease-seconds=60"));
    org.apache.hadoop.fs.Path lease =
        new org.apache.hadoop.fs.Path(root + "/registry/models/objects/lease");
    try (Lease other =
        Lease.take(SiteConfiguration.read(), lease, LeaseTerms.refusing(Duration.ofSeconds(60)))) {
      assertThat(other.isHeld()).isTrue();
      Said refused = CommandLine.run(all.toArray(String[]::new));
      assertThat(refused.err()).contains("is held by another start (process ");
      assertThat(refused.exitCode()).isEqualTo(4);
      count("retrain, refused");
    }
    succeeds(all.toArray(String[]::new));
    assertThat(CommandLine.metric(local("retrain"), "current")).isEqualTo(1);
    Said listed = succeeds("models", "list", "--registry", root + "/registry", "--json");
    assertThat(listed.out()).contains("\"current\":1");
    succeeds("models", "promote", "--registry", root + "/registry", "objects:1");
  }

  private static Said succeeds(String... args) throws IOException {
    Said said = CommandLine.run(args);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).doesNotContain(" WARN ", "com.amazonaws", "S3A");
    count(args[0]);
    return said;
  }

  /** Adds a line to the table of requests; a version is moved once, and nothing else is copied. */
  private static void count(String what) throws IOException {
    Map<String, Integer> kinds = new TreeMap<>();
    for (S3Server.Request request : server.requests()) {
      kinds.merge(request.kind(), 1, Integer::sum);
      assertThat(request.kind().equals("COPY") && !request.key().startsWith(VERSION))
          .as("%s: %s", what, request)
          .isFalse();
    }
    assertThat(kinds).as(what).containsKey("HEAD");
    table.add(
        "| %s | %s |"
            .formatted(
                what,
                KINDS.stream()
                    .map(kind -> String.valueOf(kinds.getOrDefault(kind, 0)))
                    .collect(Collectors.joining(" | "))));
  }
}
