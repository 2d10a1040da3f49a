// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.worker.metrics.RankMetrics;
import org.bellows.worker.metrics.StepMetrics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of a run of many segments of five steps each. */
class SequenceFilesTest {
  private static final int STEPS = 5;

  @TempDir Path run;
  private Path metrics;

  @BeforeEach
  void folder() {
    metrics = run.resolve("metrics");
  }

  @Test
  void manySegmentsAreFewFilesAndKeepEveryNumber() throws IOException {
    MetricsLog log = log();
    segments(log, 0, 130);
    assertThat(log.steps()).isEqualTo(steps(0, 650));
    assertThat(names("steps-"))
        .containsExactly(
            "steps-000000000-000000639.jsonl",
            "steps-000000640-000000644.jsonl",
            "steps-000000645-000000649.jsonl");
    assertThat(names("ranks-")).hasSize(3);
    assertThat(lines("ranks-")).hasSize(260);
    assertThat(names(".")).as("checksum files, and files half written").isEmpty();
  }

  /** Each resumes from the checkpoint of the one before. */
  @Test
  void manyAttemptsAreFewFiles() throws IOException {
    for (int attempt = 0; attempt < 70; attempt++) {
      MetricsLog log = log();
      log.rewindTo((long) attempt * STEPS);
      segments(log, attempt, attempt + 1);
    }
    assertThat(log().steps()).isEqualTo(steps(0, 350));
    assertThat(names("steps-")).hasSize(7);
    assertThat(lines("ranks-")).hasSize(140);
  }

  @Test
  void aJoinedFileIsShortenedWhereARunIsRepeated() throws IOException {
    MetricsLog log = log();
    segments(log, 0, 70);
    assertThat(names("steps-")).contains("steps-000000000-000000319.jsonl").hasSize(7);
    log.rewindTo(100);
    assertThat(log.steps()).isEqualTo(steps(0, 100));
    assertThat(names("steps-")).containsExactly("steps-000000000-000000099.jsonl");
    assertThat(names("ranks-")).containsExactly("ranks-000000000-000000099.jsonl");
    assertThat(lines("ranks-")).hasSize(40);
    segments(log, 20, 70);
    assertThat(log.steps()).isEqualTo(steps(0, 350));
  }

  /** The joined file is there, and some of its parts still are, whichever a crash has left. */
  @Test
  void afterACrashWhileJoiningNothingCountsTwice() throws IOException {
    segments(log(), 0, 63);
    Path aside = Files.createDirectory(run.resolve("aside"));
    for (String name : names("")) {
      Files.copy(metrics.resolve(name), aside.resolve(name));
    }
    MetricsLog log = log();
    segments(log, 63, 64);
    log.rewindTo(320);
    assertThat(names("steps-")).containsExactly("steps-000000000-000000319.jsonl");
    for (String left :
        List.of("steps-000000000-000000004.jsonl", "steps-000000310-000000314.jsonl")) {
      Files.copy(aside.resolve(left), metrics.resolve(left));
    }
    Files.writeString(metrics.resolve(".tmp-steps-000000000-000000319.jsonl-1"), "{\"step\":");
    assertThat(log().steps()).as("before the next start").isEqualTo(steps(0, 320));
    MetricsLog next = log();
    next.rewindTo(300);
    assertThat(next.steps()).as("after it").isEqualTo(steps(0, 300));
    assertThat(names("steps-")).containsExactly("steps-000000000-000000299.jsonl");
  }

  /** The shortened file is there, and the longer one still is. */
  @Test
  void afterACrashWhileShorteningTheNextStartShortensAgain() throws IOException {
    MetricsLog log = log();
    segments(log, 0, 64);
    log.rewindTo(320);
    Path longer = metrics.resolve("steps-000000000-000000319.jsonl");
    byte[] content = Files.readAllBytes(longer);
    log.rewindTo(100);
    Files.write(longer, content);
    MetricsLog next = log();
    next.rewindTo(100);
    assertThat(next.steps()).isEqualTo(steps(0, 100));
    assertThat(names("steps-")).containsExactly("steps-000000000-000000099.jsonl");
  }

  /** Large files stay as they are: the cost of joining does not grow with the run. */
  @Test
  void largeFilesAreNotWrittenAgain() throws IOException {
    SequenceFiles files =
        new SequenceFiles(RunFolder.of(new Configuration(), run.toString()), "metrics", letters());
    byte[] content = new byte[8 * 1024];
    for (int i = 0; i < 200; i++) {
      files.write(i, i, content);
      files.joinSometimes();
    }
    assertThat(names("")).hasSize(3 + 200 % 64);
    assertThat(files.parts()).extracting(SequenceFiles.Part::from).startsWith(0L, 64L, 128L);
    long bytes = 0;
    for (String name : names("")) {
      bytes += Files.size(metrics.resolve(name));
    }
    assertThat(bytes).isEqualTo(200L * 8 * 1024);
  }

  private static SequenceFiles.Naming letters() {
    return new SequenceFiles.Naming() {
      @Override
      public Optional<SequenceFiles.Part> part(String name) {
        String[] numbers = name.substring("metrics/x".length()).split("-", 2);
        return Optional.of(
            new SequenceFiles.Part(name, Long.parseLong(numbers[0]), Long.parseLong(numbers[1])));
      }

      @Override
      public String name(long from, long to) {
        return "metrics/x%d-%d".formatted(from, to);
      }
    };
  }

  private MetricsLog log() {
    return new MetricsLog(RunFolder.of(new Configuration(), run.toString()));
  }

  private static void segments(MetricsLog log, int from, int to) {
    for (long segment = from; segment < to; segment++) {
      long first = segment * STEPS;
      log.append(steps(first, first + STEPS));
      log.appendRanks(List.of(rank(0, first), rank(1, first)));
    }
  }

  private static List<StepMetrics> steps(long from, long to) {
    return LongStream.range(from, to)
        .mapToObj(
            step -> new StepMetrics(step, 0, 1.0 / (step + 1), 0.25, 0.5, 32, 0.05, 0.4, 0.025))
        .toList();
  }

  private static RankMetrics rank(int rank, long from) {
    return new RankMetrics(from, from + STEPS, rank, "host:1", 2, 2.5, 0.25, 2, 0.125, 0.0625, 0);
  }

  private List<String> names(String beginning) throws IOException {
    try (Stream<Path> files = Files.list(metrics)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(beginning))
          .sorted()
          .toList();
    }
  }

  private List<String> lines(String beginning) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : names(beginning)) {
      lines.addAll(Files.readAllLines(metrics.resolve(name)));
    }
    return lines;
  }
}
