// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bellows.driver.CommandLine;
import org.bellows.driver.TinyTree;
import org.bellows.driver.watch.tensorboard.EventFiles;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of a run while it goes on: 6 steps an epoch, held in the third of three. */
@Tag("integration")
@Timeout(300)
@Tag("lines")
class WatchedRunTest {
  /** The first of its segment: of others the driver may not be told. */
  private static final long HELD = 12;

  private static final String[] WORD = {"X-Word", "sesame"};

  /** In one process the executor registers before the application has a name. */
  private static final Pattern GAUGE =
      Pattern.compile(
          "metrics_(?:\\w+_driver_)?plugin_org_bellows_driver_spark_BellowsPlugin_(\\w+)_Value\\{type=\"gauges\"}"
              + " (\\S+)");

  @TempDir static Path folder;

  private static Path dataset;

  @BeforeAll
  static void prepare() {
    dataset = TinyTree.prepare(folder);
  }

  @Test
  void aRunIsSeenWhileItGoesOnByThoseWhoMay() throws Exception {
    Path run = folder.resolve("run");
    HeldRank.Gate gate = HeldRank.holdAfter(HELD);
    try (WatchedRun watched =
        new WatchedRun(
            dataset,
            run,
            Map.of("spark.ui.filters", filter()),
            "watch.mlflow-uri=http://127.0.0.1:1")) {
      CompletableFuture<Map<String, Object>> training = watched.start();
      try {
        assertThat(gate.awaitHeld()).as("held after step " + HELD).isTrue();
        theFilterIsAsked(watched);
        prometheusReads(watched, run);
        aBrowserReads(watched);
        sparkNamesTheJob(watched);
      } finally {
        gate.open();
      }
      Map<String, Object> metrics = training.get(60, TimeUnit.SECONDS);
      assertThat(metrics).containsEntry("steps", 18L);
      aTrackingServerThatIsAwayIsNamed(metrics, run);
      tensorBoardReads(run);
      assertThat(watched.get("/bellows/", WORD).statusCode()).as("to /jobs/").isEqualTo(302);
      assertThat(gauges(watched)).containsEntry("run_active", 0.0).containsEntry("run_step", 0.0);
    }
  }

  /** Spark 4 asks filters of jakarta, Spark 3 those of javax. */
  private static String filter() {
    boolean isSpark4 = org.apache.spark.package$.MODULE$.SPARK_VERSION().startsWith("4.");
    return WatchedRunTest.class.getPackageName()
        + (isSpark4 ? ".JakartaPortAcceptor" : ".JavaxPortAcceptor");
  }

  /** What the filters ask. */
  static boolean mayEnter(UnaryOperator<String> headers) {
    return WORD[1].equals(headers.apply(WORD[0]));
  }

  /** 18 updates of five curves, three evaluations of three. Nobody listens on port 1. */
  private static void aTrackingServerThatIsAwayIsNamed(Map<String, Object> metrics, Path run)
      throws IOException {
    String sentence = "MLflow did not get 117 of 117 values; first: http://127.0.0.1:1/api/2.0/";
    assertThat(metrics.get("watching")).asString().contains(sentence);
    assertThat(Files.readString(run.resolve("notes.json"))).contains(sentence);
  }

  private static void theFilterIsAsked(WatchedRun watched) throws Exception {
    for (String page : List.of("/bellows/", "/metrics/prometheus/")) {
      assertThat(watched.get(page).statusCode()).as(page).isEqualTo(401);
      assertThat(watched.get(page, WORD).statusCode()).as(page).isEqualTo(200);
    }
  }

  private static void prometheusReads(WatchedRun watched, Path run) throws Exception {
    Map<String, Double> gauges = gauges(watched);
    for (int tries = 0; gauges.get("run_step") <= HELD && tries < 100; tries++) {
      Thread.sleep(50); // the driver is told without anybody waiting for it
      gauges = gauges(watched);
    }
    assertThat(gauges)
        .containsEntry("run_active", 1.0)
        .containsEntry("run_step", HELD + 1.0)
        .containsEntry("run_steps_total", 18.0)
        .containsEntry("run_epoch", 3.0)
        .containsEntry("run_epochs_total", 3.0)
        .containsEntry("run_attempt", 1.0)
        .containsEntry("run_failures", 0.0)
        .containsEntry("run_executors", 1.0)
        .containsEntry("run_validation_top1", lastTop1(run))
        .containsEntry("rank_step", HELD + 1.0);
    assertThat(gauges.get("run_loss")).isBetween(0.5, 5.0);
    assertThat(gauges.get("run_learning_rate")).isBetween(1e-6, 0.1);
    assertThat(gauges.get("run_images_per_second")).isBetween(1.0, 1e6);
    assertThat(gauges.get("run_data_wait_share")).isBetween(0.0, 1.0);
    assertThat(gauges.get("run_collective_share")).isBetween(0.0, 1.0);
    assertThat(gauges.get("run_seconds_left")).isBetween(0.001, 600.0);
    assertThat(gauges.get("rank_loss")).isBetween(0.1, 10.0);
    assertThat(gauges.get("rank_heap_bytes")).isBetween(1e6, gauges.get("rank_heap_limit_bytes"));
    assertThat(gauges.get("rank_resident_bytes")).isBetween(50e6, 64e9);
    assertThat(gauges.get("rank_off_heap_bytes")).isBetween(0.0, 64e9);
  }

  private static Map<String, Double> gauges(WatchedRun watched) throws Exception {
    Map<String, Double> gauges = new LinkedHashMap<>();
    Matcher line = GAUGE.matcher(watched.get("/metrics/prometheus/", WORD).body());
    while (line.find()) {
      gauges.put(line.group(1), Double.valueOf(line.group(2)));
    }
    return gauges;
  }

  private static double lastTop1(Path run) throws IOException {
    List<String> lines = Files.readAllLines(run.resolve("metrics/evaluations.jsonl"));
    assertThat(lines).hasSize(2);
    return (double)
        Json.read(lines.get(1).getBytes(StandardCharsets.UTF_8), Map.class, "line").get("top1");
  }

  private static void aBrowserReads(WatchedRun watched) throws Exception {
    String page = watched.get("/bellows/", WORD).body();
    assertThat(page.replaceAll("(?s)<style>.*</style>|<svg.*?</svg>", ""))
        .contains("http-equiv=\"refresh\"", "Training lenet5", ">training</span>")
        .contains(">13</div>", "of 18, 72.2\u00a0%", "6 x 4 = global batch 24", "after epoch 2")
        .contains("<h2>Ranks ", "steps 8 to 11")
        .doesNotContain("<script", "src=");
    for (String chart : List.of("loss", "accuracy", "learning-rate", "throughput", "step-time")) {
      assertThat(page.contains("id=\"" + chart + "-clip\"")).as(chart).isTrue();
    }
    assertThat(watched.get("/jobs/", WORD).body()).contains("/bellows/\">Bellows</a>");
  }

  private static void sparkNamesTheJob(WatchedRun watched) throws Exception {
    assertThat(watched.get("/jobs/", WORD).body())
        .contains("Bellows train lenet5: epoch 3 of 3, steps 12 to 16, attempt 1")
        .contains("Bellows train lenet5: epoch 1 of 3, steps 4 to 6, attempt 1");
  }

  /** Just what the metrics say, in 32 bits. */
  private static void tensorBoardReads(Path run) throws IOException {
    Map<Long, List<Float>> losses = new TreeMap<>();
    try (Stream<Path> files = Files.list(run.resolve("metrics"))) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("steps-")).toList()) {
        for (String line : Files.readAllLines(file)) {
          Map<?, ?> step = Json.read(line.getBytes(StandardCharsets.UTF_8), Map.class, "line");
          losses.put((int) step.get("step") + 1L, List.of((float) (double) step.get("loss")));
        }
      }
    }
    var curves = EventFiles.curves(new org.apache.hadoop.fs.Path(run + "/tensorboard"));
    assertThat(losses).hasSize(18);
    assertThat(curves.get("train/loss")).isEqualTo(losses);
    assertThat(curves.get("validation/top1").keySet()).containsExactly(6L, 12L, 18L);
  }

  /** A process of its own has its own metrics; a sink writes them, here as tables. */
  @Test
  void anExecutorHasGaugesOfItsOwn() throws IOException {
    Path tables = Files.createDirectories(folder.resolve("tables"));
    String sink = "spark.metrics.conf.executor.sink.csv.";
    Map<String, String> properties =
        Map.of(
            sink + "class", "org.apache.spark.metrics.sink.CsvSink",
            sink + "period", "2",
            sink + "unit", "seconds",
            sink + "directory", tables.toString());
    properties.forEach(System::setProperty);
    try {
      CommandLine.Said said = CommandLine.run(TinyTree.train(dataset, folder.resolve("other"), 1));
      assertThat(said.exitCode()).as(said.err()).isZero();
    } finally {
      properties.keySet().forEach(System::clearProperty);
    }
    String gauges = ".0.plugin.org.bellows.driver.spark.BellowsPlugin.rank.";
    assertThat(last(tables, gauges + "step.csv")).isBetween(1.0, 18.0);
    assertThat(last(tables, gauges + "loss.csv")).isBetween(0.001, 10.0);
    assertThat(last(tables, gauges + "heap_bytes.csv")).isBetween(1e6, 768 * 1048576.0);
    assertThat(last(tables, gauges + "resident_bytes.csv")).isBetween(50e6, 8e9);
  }

  private static double last(Path tables, String name) throws IOException {
    try (var files = Files.list(tables)) {
      List<Path> all = files.toList();
      Path table =
          all.stream()
              .filter(file -> file.toString().endsWith(name))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no " + name + " among " + all));
      List<String> lines = Files.readAllLines(table);
      return Double.parseDouble(lines.get(lines.size() - 1).split(",")[1]);
    }
  }
}
