// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.PositiveWeights;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.shard.LabelCounts;

/**
 * From {@code loss.positive-weights} to one number a class, in the order of the manifest; an empty
 * list where yes counts as no.
 *
 * <pre>
 * listed     as given
 * balanced   p_c = (N - n_c) / n_c;  1 where n_c is 0 or N
 * </pre>
 *
 * with N samples in the split that is trained on, n_c of them of class c: as the documentation of
 * {@code pos_weight} of PyTorch's {@code BCEWithLogitsLoss} advises, so that yes and no have equal
 * sums of weights. It names no limit, and there is none here.
 */
final class PositiveWeighting {
  private PositiveWeighting() {}

  /**
   * @throws BellowsException (configuration) when there is not one listed weight a class; (data)
   *     when the labels cannot be read
   */
  static List<Double> of(
      Configuration hadoop, TrainingSettings settings, DatasetManifest manifest) {
    PositiveWeights weights = settings.loss().positiveWeights();
    if (!weights.balanced()) {
      return listed(weights, manifest.classes());
    }
    String split = settings.train().split();
    return balanced(
        LabelCounts.of(hadoop, settings.data().path(), manifest, split),
        manifest.split(split).samples());
  }

  static List<Double> listed(PositiveWeights weights, List<String> classes) {
    int given = weights.listed().size();
    if (given > 0 && given != classes.size()) {
      throw BellowsException.configuration(
          "loss.positive-weights holds %d numbers, but the dataset has %d classes"
              .formatted(given, classes.size()));
    }
    return weights.listed();
  }

  /**
   * @param counts samples of each class
   */
  static List<Double> balanced(long[] counts, long samples) {
    return Arrays.stream(counts)
        .mapToObj(own -> own == 0 || own == samples ? 1 : (samples - own) / (double) own)
        .toList();
  }
}
