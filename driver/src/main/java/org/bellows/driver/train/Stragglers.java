// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.bellows.conf.Settings;
import org.bellows.worker.metrics.RankMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds ranks that the others wait for. In every step all wait for the slowest, so a slow machine
 * costs the whole cluster; it shows in what each rank needs of its own for a batch of one lane. A
 * rank is a straggler when that is more than {@code metrics.straggler-factor} times the median of
 * the other ranks over {@code metrics.straggler-window-seconds}: whole segments, as many as that
 * takes. The first segment of an attempt, in which code is compiled and caches are filled, is not
 * judged.
 */
final class Stragglers {
  private static final Logger LOG = LoggerFactory.getLogger(Stragglers.class);

  private final Settings.Metrics settings;
  private final Map<String, Integer> times = new HashMap<>();

  /** By rank; empty where the next segment is not judged but begins the window. */
  private List<RankMetrics> window = List.of();

  private List<String> hosts = List.of();

  Stragglers(Settings.Metrics settings) {
    this.settings = settings;
  }

  /**
   * @param ranks all of a segment, by rank; none where it had no steps
   * @return a sentence of each straggler when it is one for the first, tenth, hundredth time: for
   *     the report; every time is in the log
   */
  List<String> judge(List<RankMetrics> ranks) {
    if (ranks.isEmpty()) {
      return List.of();
    }
    List<String> now = ranks.stream().map(RankMetrics::host).toList();
    if (!now.equals(hosts)) {
      hosts = now;
      window = List.of();
      return List.of();
    }
    window = window.isEmpty() ? ranks : sum(window, ranks);
    if (window.get(0).seconds() < settings.stragglerWindowSeconds()) {
      return List.of();
    }
    List<RankMetrics> judged = window;
    window = List.of();
    return found(judged);
  }

  /** Attempts may have the same executors, but counts start again. */
  void beginAttempt() {
    hosts = List.of();
  }

  private static List<RankMetrics> sum(List<RankMetrics> before, List<RankMetrics> next) {
    return IntStream.range(0, next.size())
        .mapToObj(rank -> before.get(rank).plus(next.get(rank)))
        .toList();
  }

  @SuppressWarnings("ReferenceEquality") // Two ranks may have equal figures.
  private List<String> found(List<RankMetrics> ranks) {
    List<String> notes = new ArrayList<>();
    for (RankMetrics rank : ranks) {
      double[] others =
          ranks.stream()
              .filter(other -> other != rank)
              .mapToDouble(RankMetrics::busySecondsPerLaneBatch)
              .sorted()
              .toArray();
      if (others.length == 0) {
        continue;
      }
      double median = (others[(others.length - 1) / 2] + others[others.length / 2]) / 2;
      if (rank.busySecondsPerLaneBatch() > settings.stragglerFactor() * median) {
        int count = times.merge(rank.host(), 1, Integer::sum);
        String sentence = sentence(rank, median, count);
        LOG.warn(sentence);
        if (isPowerOfTen(count)) {
          notes.add(sentence);
        }
      }
    }
    return notes;
  }

  private static boolean isPowerOfTen(int count) {
    int rest = count;
    while (rest % 10 == 0) {
      rest /= 10;
    }
    return rest == 1;
  }

  private static String sentence(RankMetrics rank, double median, int count) {
    return String.format(
        Locale.ROOT,
        "rank %d on %s delays the others: in steps %d to %d it needed %.1f ms for a lane batch,"
            + " the median of the others is %.1f ms; mostly %s%s",
        rank.rank(),
        rank.host(),
        rank.from(),
        rank.to() - 1,
        rank.busySecondsPerLaneBatch() * 1e3,
        median * 1e3,
        cause(rank, median),
        count == 1 ? "" : "; reported %d times so far".formatted(count));
  }

  /** The part that is most of what the rank needed beyond the others' time. */
  private static String cause(RankMetrics rank, double median) {
    double beyond =
        (rank.busySecondsPerLaneBatch() - median) * rank.lanes() * (rank.to() - rank.from());
    if (rank.garbageCollectionSeconds() > beyond / 2) {
      return String.format(
          Locale.ROOT,
          "garbage collection (%.1f of %.1f s): cluster.executor-memory-mebibytes is too small",
          rank.garbageCollectionSeconds(),
          rank.seconds());
    }
    return rank.dataWaitSeconds() > beyond / 2
        ? String.format(
            Locale.ROOT,
            "waiting for data (%.1f of %.1f s): its disk, its network or its decoding is slow",
            rank.dataWaitSeconds(),
            rank.seconds())
        : String.format(
            Locale.ROOT,
            "computing (%.1f of %.1f s): its processor is slow or shared",
            rank.computeSeconds(),
            rank.seconds());
  }
}
