// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark.collective;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.driver.benchmark.ChildJvm;
import org.bellows.driver.benchmark.InterleavedRuns;
import org.bellows.driver.benchmark.Median;
import org.bellows.worker.files.Json;

/**
 * One exchange of all parameters, as after each step, between processes of this machine.
 *
 * @param floats in the flat vector
 * @param rounds that medians are taken of
 */
public record CollectiveBenchmark(int floats, int rounds) {
  private static final int SPARK_WARM_UP_ROUNDS = 2;

  /** Vectors that a rank may hold: its own, its sums and what arrives, in slices. */
  private static final long HEAP_VECTORS = 5;

  private static final long HEAP_REST_MEBIBYTES = 64;

  /**
   * Medians of the rounds.
   *
   * @param megabytesPerSecond that each rank sends, and receives, in the exchange
   * @param copyMegabytesPerSecond the same through plain sockets
   * @param share of the copy's bandwidth that the exchange reaches, median of the rounds' own
   * @param seconds of one exchange
   */
  public record Row(
      int ranks,
      double megabytesPerSecond,
      double copyMegabytesPerSecond,
      double share,
      double seconds) {}

  /** In processes of their own, which take turns between exchange and copy together. */
  public Row between(int ranks) {
    try {
      Path folder = Files.createTempDirectory("bellows-collective");
      try {
        // The folder is readable by its owner only.
        Files.writeString(
            folder.resolve(RankProcess.SECRET), UUID.randomUUID() + " " + UUID.randomUUID());
        runAll(folder, ranks);
        Path file = folder.resolve(RankProcess.RESULT);
        return row(ranks, Json.read(Files.readAllBytes(file), InterleavedRuns.class, file));
      } finally {
        remove(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Row row(int ranks, InterleavedRuns turns) {
    double perSecond = turns.median(RankProcess.EXCHANGE);
    double bytes = 2.0 * Float.BYTES * floats / ranks * (ranks - 1);
    return new Row(
        ranks,
        perSecond / 1e6,
        turns.median(RankProcess.COPY) / 1e6,
        turns.ratio(RankProcess.EXCHANGE, RankProcess.COPY),
        bytes / perSecond);
  }

  private void runAll(Path folder, int ranks) {
    long heap = HEAP_REST_MEBIBYTES + ((HEAP_VECTORS * Float.BYTES * floats) >> 20);
    ChildJvm jvm = new ChildJvm(1, heap);
    List<Process> processes = new ArrayList<>();
    try {
      for (int rank = 0; rank < ranks; rank++) {
        processes.add(
            jvm.start(
                RankProcess.class,
                Stream.of(folder, rank, ranks, floats, rounds).map(String::valueOf).toList()));
      }
      for (int rank = 0; rank < ranks; rank++) {
        int code = processes.get(rank).waitFor();
        if (code != 0) {
          throw BellowsException.infrastructure(
              "rank %d of %d ended with exit code %d, expected 0".formatted(rank, ranks, code));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("interrupted while the ranks measured", e);
    } finally {
      processes.forEach(Process::destroy);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /**
   * The same with a broadcast and treeAggregate.
   *
   * @return seconds of one exchange, median of the rounds
   */
  public double withSpark(JavaSparkContext spark, int executors) {
    SparkRound round = new SparkRound(spark, executors, floats);
    for (int i = 0; i < SPARK_WARM_UP_ROUNDS; i++) {
      round.run();
    }
    double[] seconds = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      seconds[i] = round.run();
    }
    return Median.of(seconds);
  }
}
