// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands where our own files should. */
class RunFolderTest {
  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "",
        "[]",
        "{}",
        "{\"formatVersion\":1,\"command\":null,\"identity\":{}}",
        "{\"formatVersion\":1,\"command\":\"train\",\"identity\":null}",
        "{\"formatVersion\":1,\"command\":\"train\",\"identity\":{\"train.seed\":null}}",
        "{\"formatVersion\":1e99,\"command\":\"train\",\"identity\":{}}",
        "{\"formatVersion\":9,\"command\":\"train\",\"identity\":{}}",
      })
  void anOddMarkerIsASentence(String content) throws IOException {
    Files.writeString(folder.resolve("run.json"), content);
    assertThatThrownBy(() -> RunFolder.claim(hadoop, folder.toString(), "train"))
        .hasMessageStartingWith("file:" + folder + "/run.json ")
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1))
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.DATA);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{}",
        "{\"status\":\"succeeded\"}",
        "{\"status\":\"succeeded\",\"metrics\":null}",
        "{\"status\":1,\"metrics\":{}}",
        "{\"status\":\"failed\",\"metrics\":{}}",
        "{\"status\":\"succe",
      })
  void aRunWhoseResultIsOddHasNotSucceeded(String content) throws IOException {
    Files.writeString(folder.resolve("result.json"), content);
    assertThat(RunFolder.of(hadoop, folder.toString()).metricsOfSuccess()).isEmpty();
  }

  @Test
  void theMetricsOfOneThatSucceeded() throws IOException {
    Files.writeString(
        folder.resolve("result.json"), "{\"status\":\"succeeded\",\"metrics\":{\"steps\":7}}");
    Map<?, ?> metrics = RunFolder.of(hadoop, folder.toString()).metricsOfSuccess().orElseThrow();
    assertThat(metrics.get("steps")).isEqualTo(7);
  }

  /** Names that no step has are not ours, and are passed over. */
  @Test
  void metricsOfStepsBeyondALongAreNotOurs() throws IOException {
    Files.createDirectories(folder.resolve("metrics"));
    Files.writeString(
        folder.resolve("metrics/steps-99999999999999999999-99999999999999999999.jsonl"), "odd");
    MetricsLog log = new MetricsLog(RunFolder.of(hadoop, folder.toString()));
    log.rewindTo(5);
    assertThat(log.steps()).isEmpty();
    Files.writeString(folder.resolve("metrics/evaluations.jsonl"), "null\n");
    assertThatThrownBy(() -> log.rewindTo(5))
        .hasMessage("file:" + folder + "/metrics/evaluations.jsonl holds nothing");
  }

  /** Not even root may make anything there. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void whereNobodyMayWriteTheReasonAndTheUserAreTold() {
    for (String path : List.of("/sys/bellows", "/sys/bellows/run")) {
      RunFolder run = RunFolder.claim(hadoop, path, "train");
      assertThatThrownBy(() -> run.own("train", Map.of()))
          .hasMessageStartingWith(
              "writing file:%s failed: no permission for user %s ("
                  .formatted(path, System.getProperty("user.name")))
          .extracting(e -> ((BellowsException) e).category())
          .isEqualTo(ErrorCategory.CONFIGURATION);
    }
  }
}
