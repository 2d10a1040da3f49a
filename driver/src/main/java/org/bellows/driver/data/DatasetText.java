package org.bellows.driver.data;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.statistics.OddSample;
import org.bellows.data.statistics.SplitStatistics;
import org.bellows.data.statistics.SplitStatistics.Odd;
import org.bellows.data.statistics.Tally;
import org.bellows.driver.chart.Numbers;

/** A dataset's statistics as text for a terminal. */
public final class DatasetText {
  private static final int SHOWN_ODD = 5;
  private static final String LINE = System.lineSeparator();

  private DatasetText() {}

  public static String of(DatasetManifest manifest, DatasetStatistics statistics) {
    StringBuilder text = new StringBuilder();
    text.append(
        line(
            "%-12s %12s %10s %22s %22s  %s",
            "split", "images", "MB", "height", "width", "encoding"));
    for (SplitStatistics split : statistics.splits()) {
      text.append(
          line(
              "%-12s %,12d %10.1f %22s %22s  %s",
              split.split(),
              split.samples(),
              split.bytes().sum() / 1e6,
              range(split.heights()),
              range(split.widths()),
              encodings(split)));
    }
    text.append(LINE).append(classes(manifest, statistics.splits()));
    text.append(LINE);
    if (statistics.odd().isEmpty()) {
      text.append("no odd samples").append(LINE);
    }
    statistics.odd().forEach(odd -> text.append(odd(odd)));
    return text.toString().stripTrailing();
  }

  private static String classes(DatasetManifest manifest, List<SplitStatistics> splits) {
    StringBuilder text = new StringBuilder();
    String names =
        splits.stream()
            .map(split -> String.format(Locale.ROOT, "%12s", split.split()))
            .collect(Collectors.joining());
    text.append(line("%-28s%s", "class", names));
    for (int label = 0; label < manifest.classes().size(); label++) {
      int at = label;
      String counts =
          splits.stream()
              .map(split -> String.format(Locale.ROOT, "%,12d", split.classSamples().get(at)))
              .collect(Collectors.joining());
      text.append(line("%-28s%s", manifest.classes().get(label), counts));
    }
    return text.toString();
  }

  private static String odd(Odd odd) {
    StringBuilder text = new StringBuilder();
    text.append(line("%s: %,d", odd.kind().description(), odd.count()));
    for (OddSample sample : odd.shown().subList(0, Math.min(SHOWN_ODD, odd.shown().size()))) {
      text.append(line("  %s: %s  (%s)", sample.split(), sample.source(), measure(sample)));
    }
    long more = odd.count() - SHOWN_ODD;
    return more > 0 ? text.append(line("  and %,d more", more)).toString() : text.toString();
  }

  private static String range(Tally tally) {
    return "%d..%d, median %d".formatted(tally.minimum(), tally.maximum(), tally.quantile(0.5));
  }

  /** Such as "jpeg 990, png 10". */
  static String encodings(SplitStatistics split) {
    return split.encodings().entrySet().stream()
        .map(entry -> entry.getKey() + " " + Numbers.count(entry.getValue()))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** Such as "5.2 longer side / shorter side". */
  static String measure(OddSample sample) {
    return (Numbers.decimal(sample.measure()) + " " + sample.kind().unit()).strip();
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + LINE;
  }
}
