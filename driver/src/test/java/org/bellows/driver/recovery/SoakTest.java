// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bellows.driver.CommandLine;
import org.bellows.driver.command.FaultyCluster;
import org.bellows.driver.fault.FaultSchedule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One training and more than fifty failures at random: which, where and when follows from the seed.
 * Prints what happened. Another seed: {@code -Dbellows.test.seed=N}.
 */
@Tag("alone")
@Tag("slow")
@Timeout(1800)
class SoakTest {
  private static final int INTERVAL = 4;
  private static final String EPOCHS = "--set=train.epochs=9";

  @TempDir Path folder;

  private static List<String> schedule(long seed) {
    Map<String, Integer> counts = new TreeMap<>();
    counts.put("exception", 14);
    counts.put("cut", 12);
    counts.put("full", 6);
    counts.put("oom", 5);
    counts.put("blackhole", 4);
    counts.put("hang", 3);
    counts.put("kill", 5);
    counts.put("exit", 2);
    counts.put("term", 2);
    counts.put("stuck", 1);
    List<String> kinds = new ArrayList<>();
    counts.forEach((kind, count) -> kinds.addAll(Collections.nCopies(count, kind)));
    Random random = new Random(seed);
    Collections.shuffle(kinds, random);
    List<String> schedule = new ArrayList<>();
    int step = 0;
    for (String kind : kinds) {
      step += 2 + random.nextInt(INTERVAL);
      int rank = random.nextInt(2);
      schedule.add(
          switch (kind) {
            // Only rank 0 writes.
            case "full" ->
                "rank-0 writing-checkpoint-%d full".formatted((step / INTERVAL + 1) * INTERVAL);
            case "cut", "blackhole" ->
                "rank-%d after-step-%d %s %d".formatted(rank, step, kind, 1 - rank);
            default -> "rank-%d after-step-%d %s".formatted(rank, step, kind);
          });
    }
    return schedule;
  }

  @Test
  void theBitsAfterFiftyFailuresAreThoseOfARunWithoutAny() throws IOException {
    long seed = Long.getLong("bellows.test.seed", 6);
    List<String> schedule = schedule(seed);
    try (FaultyCluster cluster = new FaultyCluster(folder, 2, Map.of())) {
      Object undisturbed =
          CommandLine.metric(
              cluster
                  .train("undisturbed", List.of(), EPOCHS, "--set=checkpoint.interval-steps=0")
                  .run(),
              "parameters-sha256");
      long start = System.nanoTime();
      FaultyCluster.Ended ended = cluster.train("soak", schedule, EPOCHS);
      double seconds = (System.nanoTime() - start) * 1e-9;
      long failures = ended.said().lines().filter(line -> line.startsWith("failure ")).count();
      System.out.printf(
          "seed %d: %d faults fired, %d attempts failed, %.0f s%n%s%n",
          seed,
          cluster.faults().fired().size(),
          failures,
          seconds,
          table(cluster.faults().recoveries()));
      assertThat(ended.failure()).as(ended.said()).isNull();
      assertThat(cluster.faults().fired()).hasSameSizeAs(schedule).hasSizeGreaterThan(50);
      assertThat(CommandLine.metric(ended.run(), "parameters-sha256"))
          .as(ended.said())
          .isEqualTo(undisturbed);
    }
  }

  /** Count, and least, median and greatest seconds to the next step, of each kind. */
  private static String table(List<FaultSchedule.Recovery> recoveries) {
    return recoveries.stream()
        .collect(
            Collectors.groupingBy(
                FaultSchedule.Recovery::how,
                TreeMap::new,
                Collectors.mapping(
                    FaultSchedule.Recovery::seconds,
                    Collectors.collectingAndThen(
                        Collectors.toList(), seconds -> seconds.stream().sorted().toList()))))
        .entrySet()
        .stream()
        .map(
            entry ->
                "%s: %d, seconds to the next step %.1f (%.1f to %.1f)"
                    .formatted(
                        entry.getKey(),
                        entry.getValue().size(),
                        entry.getValue().get(entry.getValue().size() / 2),
                        entry.getValue().get(0),
                        entry.getValue().get(entry.getValue().size() - 1)))
        .collect(Collectors.joining("\n"));
  }
}
