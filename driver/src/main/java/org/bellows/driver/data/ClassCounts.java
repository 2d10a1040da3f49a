// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.statistics.SplitStatistics;

/** How many samples of each class there are, and which classes to name where there are many. */
final class ClassCounts {
  /** More than so many classes are no list to read: the largest and the smallest are named. */
  static final int MOST_NAMED = 40;

  /** With many classes, so many of the largest and as many of the smallest. */
  static final int ENDS = 10;

  private final List<Row> rows;

  /**
   * One class.
   *
   * @param ofSplits samples in each split, in the manifest's order
   */
  record Row(String name, List<Long> ofSplits, long samples) {}

  ClassCounts(DatasetManifest manifest, List<SplitStatistics> splits) {
    rows =
        IntStream.range(0, manifest.classes().size())
            .mapToObj(label -> row(manifest.classes().get(label), label, splits))
            .toList();
  }

  private static Row row(String name, int label, List<SplitStatistics> splits) {
    List<Long> counts = splits.stream().map(split -> split.classSamples().get(label)).toList();
    return new Row(name, counts, counts.stream().mapToLong(Long::longValue).sum());
  }

  boolean areMany() {
    return rows.size() > MOST_NAMED;
  }

  /** In the order of the labels. */
  List<Row> all() {
    return rows;
  }

  /** The largest first, then in the order of the labels. */
  List<Row> largest() {
    return bySize().subList(0, Math.min(ENDS, rows.size()));
  }

  /** The smallest last, as in a list of all. */
  List<Row> smallest() {
    return bySize().subList(Math.max(0, rows.size() - ENDS), rows.size());
  }

  private List<Row> bySize() {
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingLong(Row::samples).reversed());
    return sorted;
  }
}
