// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.Optional;
import java.util.function.Function;

/**
 * Each sample is of one class.
 *
 * @param labels n indices into the manifest's classes, 0 .. classes-1: each sample's own, whatever
 *     was mixed in
 * @param classes of the dataset
 * @param mixed n x classes, row-major: what is learned where samples were mixed, each row a
 *     distribution over the classes
 */
public record ClassTargets(int[] labels, int classes, Optional<float[]> mixed) implements Targets {
  /** Nothing is mixed. */
  public static ClassTargets of(int[] labels, int classes) {
    return new ClassTargets(labels, classes, Optional.empty());
  }

  /**
   * @param labels n, each 0 .. classes-1
   * @return n x classes, row-major: 1 at each label, else 0
   */
  public static float[] oneHot(int[] labels, int classes) {
    float[] targets = new float[labels.length * classes];
    for (int i = 0; i < labels.length; i++) {
      targets[i * classes + labels[i]] = 1;
    }
    return targets;
  }

  /**
   * n x classes, row-major: what is learned, each row a distribution over the classes. Without
   * mixing the label has 1 and all others 0. Not to be changed.
   */
  public float[] distributions() {
    return mixed.orElseGet(() -> oneHot(labels, classes));
  }

  @Override
  public int samples() {
    return labels.length;
  }

  @Override
  public <R> R match(
      Function<ClassTargets, R> ofClasses,
      Function<MultiLabelTargets, R> ofLabels,
      Function<PixelTargets, R> ofPixels) {
    return ofClasses.apply(this);
  }
}
