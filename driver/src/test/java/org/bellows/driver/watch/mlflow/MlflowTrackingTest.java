// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.report.MetricFixtures;
import org.bellows.driver.run.RunFolder;
import org.bellows.worker.metrics.StepMetrics;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
@Timeout(60)
class MlflowTrackingTest {
  private static final String TOKEN = "planted-token-7f3a";

  @TempDir Path folder;

  private MlflowTracking open(String uri, String... more) {
    List<String> assignments =
        new ArrayList<>(
            List.of(
                "model.name=lenet5",
                "watch.mlflow-uri=" + uri,
                "watch.mlflow-experiment=nightly & more"));
    assignments.addAll(List.of(more));
    Settings settings = new SettingsLoader().set(assignments).load(List.of(), List.of());
    RunFolder run = RunFolder.claim(new Configuration(), folder.resolve("run").toString(), "train");
    run.own("train", Map.of());
    return MlflowTracking.open(settings, run).orElseThrow();
  }

  private static List<StepMetrics> steps(long from, long to) {
    return LongStream.range(from, to)
        .mapToObj(step -> new StepMetrics(step, 0, 2.5, 0.25, 0.5, 32, 0.05, 0.4, 0.025))
        .toList();
  }

  @Test
  void theServerGetsExperimentRunParametersMetricsAndTheEnd() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), TOKEN + "\n");
    try (FakeServer server = new FakeServer()) {
      MlflowTracking tracking =
          open(server.uri() + "/", "watch.mlflow-token-file=" + token, "train.seed=5");
      tracking.onAttempt(1, 2, 0);
      tracking.onSegmentDone(steps(0, 300), List.of());
      tracking.onEvaluation(MetricFixtures.epoch(1, 300, 1.5, 0.75, 1, 0));
      tracking.onEvaluation(MetricFixtures.epoch(2, 600, Double.NaN, 0, 0, 9));
      assertThat(tracking.end(true)).isEmpty();
      assertThat(server.calls()).allMatch(call -> ("Bearer " + TOKEN).equals(call.authorization()));
      assertThat(server.calls().stream().limit(3))
          .extracting(FakeServer.Call::path)
          .containsExactly("experiments/get-by-name", "experiments/create", "runs/create");
      assertThat(server.calls().get(0).query()).isEqualTo("experiment_name=nightly & more");
      assertThat(server.calls().get(1).body()).isEqualTo(Map.of("name", "nightly & more"));
      Map<?, ?> created = server.calls().get(2).body();
      assertThat(created.get("experiment_id")).isEqualTo("7");
      assertThat(created.get("run_name")).isEqualTo("lenet5 run");
      assertThat((long) created.get("start_time")).isGreaterThan(1_600_000_000_000L);
      parametersAreSettings(server);
      metricsAreSteps(server);
      Map<?, ?> last = server.calls().get(server.calls().size() - 1).body();
      assertThat(last.get("status")).isEqualTo("FINISHED");
      assertThat((long) last.get("end_time")).isGreaterThan(1_600_000_000_000L);
    }
  }

  private static void parametersAreSettings(FakeServer server) {
    List<Object> all = new ArrayList<>();
    for (FakeServer.Call call : server.calls("runs/log-batch")) {
      if (call.body().get("params") instanceof List<?> some) {
        assertThat(some).hasSizeLessThanOrEqualTo(100);
        all.addAll(some);
      }
    }
    assertThat(all)
        .hasSizeGreaterThan(100)
        .contains(
            Map.of("key", "train.seed", "value", "5"),
            Map.of("key", "model.name", "value", "lenet5"),
            Map.of("key", "augment.mean", "value", "[]"));
    assertThat(all.toString()).doesNotContain(TOKEN);
  }

  /** 300 steps of six curves are two calls. */
  private static void metricsAreSteps(FakeServer server) {
    List<List<?>> batches = new ArrayList<>();
    for (FakeServer.Call call : server.calls("runs/log-batch")) {
      if (call.body().get("metrics") instanceof List<?> some) {
        batches.add(some);
      }
    }
    assertThat(batches).extracting(List::size).containsExactly(1000, 800, 3, 3);
    assertThat(batches.get(3).get(0).toString())
        .as("protobuf's word, as MLflow reads it")
        .contains("key=validation/loss", "value=NaN");
    Map<?, ?> first = (Map<?, ?>) batches.get(0).get(0);
    assertThat(first.get("key")).isEqualTo("train/loss");
    assertThat(first.get("value")).isEqualTo(2.5);
    assertThat(first.get("step")).isEqualTo(1);
    Map<?, ?> later = (Map<?, ?>) batches.get(0).get(6);
    assertThat((long) later.get("timestamp") - (long) first.get("timestamp")).isBetween(499L, 501L);
    assertThat(batches.get(2).get(1))
        .asString()
        .contains("key=validation/top1", "value=0.75", "step=300");
  }

  @Test
  void aStartThatGoesOnWritesIntoTheSameRun() throws IOException {
    try (FakeServer server = new FakeServer()) {
      MlflowTracking first = open(server.uri());
      first.onAttempt(1, 2, 0);
      first.onSegmentDone(steps(0, 2), List.of());
      first.end(false);
      assertThat(server.calls("runs/update").get(0).body().get("status")).isEqualTo("FAILED");
      MlflowTracking second = open(server.uri());
      second.onAttempt(1, 2, 2);
      second.onSegmentDone(steps(2, 3), List.of());
      assertThat(second.end(true)).isEmpty();
      assertThat(server.calls("runs/create")).hasSize(1);
      assertThat(server.calls("runs/update"))
          .extracting(call -> String.valueOf(call.body().get("status")))
          .containsExactly("FAILED", "RUNNING", "FINISHED");
    }
  }

  @Test
  void aServerThatIsAwayIsNamedOnceAndWhatItDidNotGetIsCounted() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    MlflowTracking tracking = open("http://127.0.0.1:" + free);
    tracking.onAttempt(1, 2, 0);
    tracking.onSegmentDone(steps(0, 4), List.of());
    assertThat(tracking.end(true).orElseThrow())
        .startsWith(
            "MLflow did not get 24 of 24 values; first: http://127.0.0.1:"
                + free
                + "/api/2.0/mlflow/experiments/get-by-name does not answer: ");
  }

  @Test
  void aServerThatBreaksDownHasWhatItGotBefore() throws Exception {
    try (FakeServer server = new FakeServer()) {
      MlflowTracking tracking = open(server.uri());
      tracking.onAttempt(1, 2, 0);
      tracking.onSegmentDone(steps(0, 2), List.of());
      while (server.calls("runs/log-batch").stream()
          .noneMatch(call -> call.body().containsKey("metrics"))) {
        Thread.sleep(10);
      }
      server.breakDown();
      tracking.onSegmentDone(steps(2, 3), List.of());
      assertThat(tracking.end(true).orElseThrow())
          .matches(
              "MLflow did not get 6 of 18 values; first: .*/runs/log-batch answers 500: .*on"
                  + " purpose.*");
    }
  }

  @Test
  void aTokenThatIsNoneIsRefusedWithoutShowingIt() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), TOKEN + "\nX-Other: header");
    assertThatThrownBy(() -> open("http://localhost:1", "watch.mlflow-token-file=" + token))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            token
                + " holds no token: expected one line of visible ASCII characters, found 34 bytes");
    assertThatThrownBy(() -> open("http://localhost:1", "watch.mlflow-token-file=/not/there"))
        .hasMessage("watch.mlflow-token-file: cannot read /not/there (NoSuchFileException)");
  }
}
