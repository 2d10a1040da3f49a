// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.data;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bellows.conf.text.PrintableText;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.statistics.Anomaly;
import org.bellows.data.statistics.MaskLabelHistogram;
import org.bellows.data.statistics.SplitStatistics;
import org.bellows.data.statistics.SplitStatistics.Odd;
import org.bellows.data.statistics.ValueHistogram;
import org.bellows.driver.chart.NumberText;

/** A dataset's statistics as text for a terminal. */
public final class DatasetText {
  private static final int SHOWN_ODD = 5;
  private static final int MOST_LABELS = 24;
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
    statistics.splits().stream()
        .filter(split -> split.masks().samples() > 0)
        .forEach(
            split ->
                text.append(
                    line(
                        "label maps, %s: %s",
                        split.split(), masks(split, manifest.hasPixelClasses()))));
    if (manifest.hasPixelClasses()) {
      statistics.splits().stream()
          .filter(split -> split.masks().samples() > 0)
          .forEach(split -> text.append(LINE).append(pixels(manifest, split)));
    }
    if (!manifest.classes().isEmpty()) {
      text.append(LINE).append(classes(manifest, statistics.splits()));
    }
    if (manifest.multiLabel()) {
      statistics.splits().forEach(split -> text.append(listed(split)).append(LINE));
    }
    text.append(LINE);
    if (statistics.odd().isEmpty()) {
      text.append("no odd samples").append(LINE);
    }
    statistics.odd().forEach(odd -> text.append(odd(odd)));
    return text.toString().stripTrailing();
  }

  private static String pixels(DatasetManifest manifest, SplitStatistics split) {
    return PixelClassText.of(split.split(), manifest.pixelClasses(), split.masks().labelPixels());
  }

  private static String classes(DatasetManifest manifest, List<SplitStatistics> splits) {
    StringBuilder text = new StringBuilder();
    String names =
        splits.stream()
            .map(split -> String.format(Locale.ROOT, "%12s", split.split()))
            .collect(Collectors.joining());
    text.append(line("%-28s%s", "class", names));
    ClassCounts classes = new ClassCounts(manifest, splits);
    if (!classes.areMany()) {
      classes.all().forEach(row -> text.append(row(row)));
      return text.toString();
    }
    classes.largest().forEach(row -> text.append(row(row)));
    int between = classes.all().size() - 2 * ClassCounts.ENDS;
    text.append(line("... %,d classes between these, %,d in all", between, classes.all().size()));
    classes.smallest().forEach(row -> text.append(row(row)));
    return text.toString();
  }

  /** A name that is wider than its column moves its numbers; it is not cut. */
  private static String row(ClassCounts.Row row) {
    String counts =
        row.ofSplits().stream()
            .map(count -> String.format(Locale.ROOT, "%,12d", count))
            .collect(Collectors.joining());
    return line("%-28s%s", PrintableText.name(row.name()), counts);
  }

  private static String odd(Odd odd) {
    StringBuilder text = new StringBuilder();
    text.append(line("%s: %,d", odd.kind().description(), odd.count()));
    for (Anomaly sample : odd.shown().subList(0, Math.min(SHOWN_ODD, odd.shown().size()))) {
      text.append(
          line(
              "  %s: %s  (%s)",
              sample.split(), PrintableText.name(sample.source()), measure(sample)));
    }
    long more = odd.count() - SHOWN_ODD;
    return more > 0 ? text.append(line("  and %,d more", more)).toString() : text.toString();
  }

  /**
   * Such as "20 of 20 samples; labels (share of pixels): 0 22.2 %, 255 77.8 %".
   *
   * @param areNamed the table of the classes has the shares
   */
  private static String masks(SplitStatistics split, boolean areNamed) {
    String having =
        "%s of %s samples"
            .formatted(
                NumberText.count(split.masks().samples()), NumberText.count(split.samples()));
    return areNamed ? having : having + "; labels (share of pixels): " + labels(split);
  }

  /** Such as "labels an image, train: 1.82 on average; images without any: 3". */
  static String listed(SplitStatistics split) {
    return String.format(
        Locale.ROOT,
        "labels an image, %s: %.2f on average; images without any: %,d",
        split.split(),
        split.labels() / (double) split.samples(),
        split.withoutLabels());
  }

  private static String labels(SplitStatistics split) {
    List<MaskLabelHistogram.Label> labels = split.masks().labels();
    String shares =
        labels.stream()
            .limit(MOST_LABELS)
            .map(label -> label.label() + " " + NumberText.percent(label.share(), 1))
            .collect(Collectors.joining(", "));
    String more =
        labels.size() > MOST_LABELS ? ", and %d more".formatted(labels.size() - MOST_LABELS) : "";
    return shares + more;
  }

  private static String range(ValueHistogram tally) {
    return "%d..%d, median %d".formatted(tally.minimum(), tally.maximum(), tally.quantile(0.5));
  }

  /** Such as "jpeg 990, png 10". */
  static String encodings(SplitStatistics split) {
    return split.encodings().entrySet().stream()
        .map(entry -> entry.getKey() + " " + NumberText.count(entry.getValue()))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** Such as "5.2 longer side / shorter side". */
  static String measure(Anomaly sample) {
    return (NumberText.decimal(sample.measure()) + " " + sample.kind().unit()).strip();
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values) + LINE;
  }
}
