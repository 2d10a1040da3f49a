// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bellows.data.shard.EncodedSample;

/**
 * Each sample is of any number of classes.
 *
 * @param multiHot n x classes, row-major: 1 for each class that a sample is of, else 0; each
 *     sample's own, whatever was mixed in
 * @param classes of the dataset
 * @param mixed n x classes, row-major: what is learned where samples were mixed, each from 0 to 1
 */
public record MultiLabelTargets(float[] multiHot, int classes, Optional<float[]> mixed)
    implements Targets {

  /** Those of samples with lists of labels; nothing is mixed. */
  public static MultiLabelTargets of(List<EncodedSample> samples, int classes) {
    float[] multiHot = new float[samples.size() * classes];
    for (int i = 0; i < samples.size(); i++) {
      for (int label : samples.get(i).labels()) {
        multiHot[i * classes + label] = 1;
      }
    }
    return new MultiLabelTargets(multiHot, classes, Optional.empty());
  }

  /** n x classes, row-major: what is learned. Not to be changed. */
  public float[] learned() {
    return mixed.orElse(multiHot);
  }

  /** Whether a sample is of a class, whatever was mixed in. */
  public boolean has(int sample, int label) {
    return multiHot[sample * classes + label] != 0;
  }

  @Override
  public int samples() {
    return multiHot.length / classes;
  }

  @Override
  public <R> R match(
      Function<ClassTargets, R> ofClasses,
      Function<MultiLabelTargets, R> ofLabels,
      Function<PixelTargets, R> ofPixels) {
    return ofLabels.apply(this);
  }
}
