// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.data;

import java.util.List;
import java.util.stream.Stream;
import org.bellows.data.statistics.SplitStatistics;
import org.bellows.data.statistics.SplitStatistics.Odd;

/**
 * A whole dataset.
 *
 * @param splits in the manifest's order
 * @param copies groups of samples with the same bytes, by kind
 */
public record DatasetStatistics(List<SplitStatistics> splits, List<Odd> copies) {
  public long samples() {
    return splits.stream().mapToLong(SplitStatistics::samples).sum();
  }

  /** Statistics of every split, then the copies. */
  public List<Odd> odd() {
    return Stream.concat(splits.stream().flatMap(split -> split.odd().stream()), copies.stream())
        .toList();
  }
}
