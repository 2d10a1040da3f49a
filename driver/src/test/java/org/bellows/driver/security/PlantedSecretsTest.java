// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bellows.driver.CommandLine;
import org.bellows.driver.TinyTree;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A night of retraining under the shipped hardened properties, with secrets that are recognised
 * wherever they turn up.
 */
@Tag("slow")
@Timeout(300)
class PlantedSecretsTest {
  private static final String ENVIRONMENT_TOKEN = "planted-in-the-environment-1f0c";

  private static final Map<String, String> PLANTED =
      Map.of(
          "spark.authenticate.secret", "planted-spark-secret-83be",
          "spark.hadoop.fs.s3a.secret.key", "planted-s3-secret-c1d2",
          "spark.hadoop.fs.azure.account.key.site.blob.core.windows.net", "planted-azure-key-77aa",
          "spark.ssl.keyStorePassword", "planted-store-password-5e5e",
          "spark.executorEnv.SITE_TRACKING_TOKEN", "planted-executor-token-9b21");

  @TempDir Path folder;

  private final Traces traces = new Traces();
  private final Set<String> commandLines = new LinkedHashSet<>();

  private Path out() {
    return folder.resolve("out");
  }

  /** Spark's settings as one gives them to the launcher, so that no command line holds them. */
  private Path options(int page) throws IOException {
    Properties spark = new Properties();
    Path shipped = Path.of("../deploy/targets/hardened.properties");
    spark.load(new StringReader(Files.readString(shipped)));
    spark.putAll(PLANTED);
    spark.putAll(
        Map.of(
            "spark.eventLog.enabled", "true",
            "spark.eventLog.dir", Files.createDirectories(out().resolve("events")).toUri(),
            "spark.ui.enabled", "true",
            "spark.ui.port", page,
            "spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"));
    List<String> lines = new ArrayList<>();
    spark.forEach((key, value) -> lines.add("\"-D%s=%s\"".formatted(key, value)));
    lines.add("\"-D%s=%s\"".formatted(WatchedDriver.FILE, drawn()));
    return Files.write(folder.resolve("options"), lines);
  }

  private Path drawn() {
    return folder.resolve("drawn-secrets");
  }

  private Process start(Path dataset, int page) throws IOException {
    String[] retrain =
        TinyTree.train(
            dataset,
            out().resolve("retrain"),
            2,
            "--set=registry.path=" + out().resolve("registry"),
            "--set=train.epochs=1",
            "--set=schedule.warmup=none");
    retrain[0] = "retrain";
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JvmOptions.withoutSpark());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "@" + options(page)));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), WatchedDriver.class.getName()));
    command.addAll(Arrays.asList(retrain));
    Path home = out().resolve("spark-home");
    Files.createDirectories(home.resolve("jars"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out().resolve("stdout").toFile())
            .redirectError(out().resolve("stderr").toFile());
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().remove("SPARK_WORKER_DIR");
    builder.environment().put("SITE_PASSWORD", ENVIRONMENT_TOKEN);
    return builder.start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** As everybody on the machine can read them; Java's own account leaves out long ones. */
  private void noteCommandLines(ProcessHandle driver) {
    Stream.concat(Stream.of(driver), driver.descendants())
        .map(process -> Path.of("/proc/" + process.pid() + "/cmdline"))
        .forEach(
            file -> {
              try {
                commandLines.add(Files.readString(file).replace('\0', ' '));
              } catch (IOException e) {
                // It has ended; it was there in time to be seen before.
                return;
              }
            });
  }

  /** Notes command lines until the page answers; what the page says, or null if it never did. */
  private String watch(Process driver, int port) throws InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/environment/"))
            .timeout(Duration.ofSeconds(10))
            .build();
    String page = null;
    while (driver.isAlive()) {
      noteCommandLines(driver.toHandle());
      if (page == null) {
        try {
          HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
          // Before that it asks to wait.
          page = answer.body().contains("spark.app.name") ? answer.body() : null;
        } catch (IOException e) {
          // Nobody listens there yet.
          Thread.sleep(50);
        }
      }
      Thread.sleep(100);
    }
    return page;
  }

  @Test
  void nothingThatIsWrittenShownOrStartedHoldsASecret() throws Exception {
    Path dataset = TinyTree.prepare(folder.resolve("data"));
    Files.createDirectories(out());
    int port = freePort();
    Process driver = start(dataset, port);
    String page;
    try {
      page = watch(driver, port);
    } finally {
      driver.destroy();
    }
    String said = Files.readString(out().resolve("stderr"));
    assertThat(driver.waitFor()).as(said).isZero();
    assertThat(CommandLine.metric(out().resolve("retrain"), "outcome")).isEqualTo("promoted");

    PLANTED.forEach(traces::lookFor);
    traces.lookFor("the environment's token", ENVIRONMENT_TOKEN);
    List<String> drawn = Files.readAllLines(drawn());
    assertThat(drawn).isNotEmpty().allMatch(secret -> secret.length() == 64);
    drawn.forEach(secret -> traces.lookFor("the job's secret", HexFormat.of().parseHex(secret)));

    traces.search(out());
    traces.search("Spark's page", page);
    commandLines.forEach(line -> traces.search("the command line " + line, line));
    assertThat(traces.found()).isEmpty();
    wasLookedForWhereItMatters(page);
  }

  /** Else nothing found would mean nothing. */
  private void wasLookedForWhereItMatters(String page) throws IOException {
    Traces itself = new Traces();
    PLANTED.forEach(itself::lookFor);
    itself.search(folder.resolve("options").getParent());
    assertThat(itself.found()).hasSize(PLANTED.size()).allMatch(text -> text.endsWith("options"));
    assertThat(page).contains("spark.authenticate.secret", "fs.azure.account.key", "(redacted)");
    assertThat(commandLines).filteredOn(line -> line.contains("--executor-id")).hasSize(2);
    assertThat(names()).contains("stderr", "result.json", "report.html", "run.json");
    assertThat(names()).contains("configuration.json", "parameters.bin", "evaluations.jsonl");
    assertThat(traces.files()).isGreaterThan(30);
  }

  private Set<String> names() throws IOException {
    try (var files = Files.walk(out())) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}
