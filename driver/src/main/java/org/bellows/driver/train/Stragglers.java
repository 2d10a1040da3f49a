package org.bellows.driver.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bellows.worker.metrics.RankMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds ranks that the others wait for. In every step all wait for the slowest, so a slow machine
 * costs the whole cluster; it shows in what each rank needs of its own for a batch of one lane. A
 * rank is a straggler in a segment when that is more than {@code metrics.straggler-factor} times
 * the median of the other ranks. The first segment of a process, in which code is compiled and
 * caches are filled, is not judged.
 */
final class Stragglers {
  private static final Logger LOG = LoggerFactory.getLogger(Stragglers.class);

  private final double factor;
  private final Set<String> warm = new HashSet<>();
  private final Map<String, Integer> times = new HashMap<>();

  Stragglers(double factor) {
    this.factor = factor;
  }

  /**
   * @param ranks all of a segment
   * @return a sentence of each straggler when it is one for the first, tenth, hundredth time: for
   *     the report; every time is in the log
   */
  List<String> judge(List<RankMetrics> ranks) {
    List<String> notes = new ArrayList<>();
    List<RankMetrics> judged = ranks.stream().filter(rank -> warm.contains(rank.host())).toList();
    for (RankMetrics rank : judged) {
      double[] others =
          judged.stream()
              .filter(other -> other != rank)
              .mapToDouble(RankMetrics::busySecondsPerLaneBatch)
              .sorted()
              .toArray();
      if (others.length == 0) {
        continue;
      }
      double median = (others[(others.length - 1) / 2] + others[others.length / 2]) / 2;
      if (rank.busySecondsPerLaneBatch() > factor * median) {
        int count = times.merge(rank.host(), 1, Integer::sum);
        String sentence = sentence(rank, median, count);
        LOG.warn(sentence);
        if (isPowerOfTen(count)) {
          notes.add(sentence);
        }
      }
    }
    ranks.forEach(rank -> warm.add(rank.host()));
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
        "rank %d on %s holds the others up: in steps %d to %d it needed %.1f ms for a lane batch,"
            + " the median of the others is %.1f ms; mostly %s%s",
        rank.rank(),
        rank.host(),
        rank.from(),
        rank.to() - 1,
        rank.busySecondsPerLaneBatch() * 1e3,
        median * 1e3,
        cause(rank, median),
        count == 1 ? "" : "; segments in which it did so far: " + count);
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
