// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.data;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bellows.conf.Settings;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;

/**
 * Some samples of each class, without reading a large dataset whole: blocks are read in an order
 * drawn from the seed until there are enough, or {@value #MOST_BLOCKS} were read.
 */
public final class SamplePicker {
  private static final int MOST_BLOCKS = 256;

  private SamplePicker() {}

  /**
   * @param seed decides the blocks
   * @param classes of the dataset; 0: samples have no label, and the rows are of any samples
   * @return up to show.samples-per-class samples of each of the first show.classes labels, by
   *     label; a sample of several classes is there once, for the first of them that lacks one
   */
  public static SortedMap<Integer, List<EncodedSample>> pick(
      DatasetReader split, Settings.Show show, int classes, long seed) {
    int wanted = classes == 0 ? show.classes() : Math.min(show.classes(), classes);
    int total = wanted * show.samplesPerClass();
    SortedMap<Integer, List<EncodedSample>> picked = new TreeMap<>();
    int missing = wanted * show.samplesPerClass();
    int[] order = new SampleRandom(seed).permutation(split.blocks());
    try (BlockReader blocks = split.openBlocks()) {
      for (int i = 0; i < Math.min(order.length, MOST_BLOCKS) && missing > 0; i++) {
        for (EncodedSample sample : split.read(blocks, order[i])) {
          int[] rows =
              classes == 0
                  ? new int[] {(total - missing) / show.samplesPerClass()}
                  : labelsOf(sample);
          for (int row : rows) {
            List<EncodedSample> ofClass = picked.computeIfAbsent(row, label -> new ArrayList<>());
            if (row < wanted && ofClass.size() < show.samplesPerClass()) {
              ofClass.add(sample);
              missing--;
              break;
            }
          }
        }
      }
    }
    picked.values().removeIf(List::isEmpty);
    return picked;
  }

  private static int[] labelsOf(EncodedSample sample) {
    return sample.labels() == null ? new int[] {sample.label()} : sample.labels();
  }
}
