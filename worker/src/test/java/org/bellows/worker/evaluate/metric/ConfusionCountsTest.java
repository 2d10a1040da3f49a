// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.bellows.conf.BellowsException;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfusionCountsTest {

  /** Few and many classes, pairs that repeat and pairs that do not, in parts and at once. */
  @ParameterizedTest
  @CsvSource({"2, 5000", "10, 20000", "300, 50000", "1500, 3000"})
  void agreesWithAPlainMatrix(int classes, int samples) {
    SplittableRandom random = new SplittableRandom(classes);
    long[][] matrix = new long[classes][classes + 1];
    ConfusionCounter all = new ConfusionCounter(classes);
    ConfusionCounter[] parts = {
      new ConfusionCounter(classes), new ConfusionCounter(classes), new ConfusionCounter(classes)
    };
    for (int i = 0; i < samples; i++) {
      int actual = random.nextInt(classes);
      int predicted = random.nextInt(3) == 0 ? random.nextInt(classes + 1) : actual;
      matrix[actual][predicted]++;
      all.add(actual, predicted);
      parts[random.nextInt(2)].add(actual, predicted);
    }
    ConfusionCounter merged = new ConfusionCounter(classes);
    for (ConfusionCounter part : parts) {
      merged.add(part.counts());
    }
    assertThat(merged.counts()).isEqualTo(all.counts()).isEqualTo(ConfusionCounts.of(matrix));
    long notFinite = 0;
    for (int actual = 0; actual < classes; actual++) {
      notFinite += matrix[actual][classes];
      for (int predicted = 0; predicted <= classes; predicted++) {
        assertThat(all.counts().count(actual, predicted)).isEqualTo(matrix[actual][predicted]);
      }
    }
    assertThat(all.counts().notFinite()).isEqualTo(notFinite);
    assertThat(Json.read(Json.pretty(all.counts()), ConfusionCounts.class, "copy"))
        .isEqualTo(all.counts());
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  /** While it counts it never holds more than the forecast of an executor's memory says. */
  @Test
  void aCellTakesNoMoreThanIsForecast() {
    int samples = 1 << 18;
    ConfusionCounter counter = new ConfusionCounter(1 << 20);
    long before = allocated();
    for (int i = 0; i < samples; i++) {
      counter.add(i, i);
    }
    assertThat(counter.counts().size()).isEqualTo(samples);
    // The list doubles: all lists and sums together are at most twice the last ones.
    assertThat(allocated() - before).isLessThan(2L * ConfusionCounter.BYTES_PER_CELL * samples);
  }

  @Test
  void aThousandClassesAreAMatrixInTheFileAndMoreAreCells() {
    assertThat(Json.line(ConfusionCounts.of(new long[][] {{3, 1}, {0, 2}})))
        .isEqualTo("[[3,1],[0,2]]");
    assertThat(Json.line(ConfusionCounts.of(new long[][] {{3, 1, 4}, {0, 2}})))
        .isEqualTo("[[3,1,4],[0,2,0]]");
    assertThat(Json.line(counts(1000))).startsWith("[[1,0,0,").hasSizeGreaterThan(2_000_000);
    assertThat(Json.line(counts(1001)))
        .isEqualTo(
            "{\"actual\":[0,1000,1000],\"classes\":1001,\"counts\":[1,1,2],\"predicted\":[0,7,1001]}");
  }

  private static ConfusionCounts counts(int classes) {
    ConfusionCounter counter = new ConfusionCounter(classes);
    counter.add(classes - 1, 7);
    counter.add(0, 0);
    if (classes > 1000) {
      counter.add(classes - 1, classes);
      counter.add(classes - 1, classes);
    }
    return counter.counts();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[[1,2,3,4],[0,1]] | class 0 taken for 3, but there are 2 classes",
        "[[1,-2],[0,1]] | class 0 taken for 1: -2 samples, expected 0 or more",
        "[[1,2],null] | no confusion matrix",
        "{\"classes\":2,\"actual\":[0,1],\"predicted\":[0],\"counts\":[1,1]} | 2 actual and 1 predicted",
        "{\"classes\":2,\"actual\":[1,0],\"predicted\":[0,0],\"counts\":[1,1]} | rows and columns rising",
        "{\"classes\":2,\"actual\":[0],\"predicted\":[-1],\"counts\":[1]} | class 0 taken for -1",
        "{\"classes\":2,\"actual\":[0],\"predicted\":[0]} | counts",
        "7 | is damaged"
      })
  void whatIsNoMatrixIsRefused(String json, String says) {
    assertThatThrownBy(
            () ->
                Json.read(
                    json.getBytes(StandardCharsets.UTF_8), ConfusionCounts.class, "confusion"))
        .isInstanceOf(BellowsException.class)
        .hasMessageContaining("confusion (")
        .hasMessageContaining(says);
  }
}
