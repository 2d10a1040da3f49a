// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

/** Several pictures of one sample, such as crops, each with an answer of its own. */
final class Views {
  private Views() {}

  /**
   * The answers' means, added in double precision.
   *
   * @param ofViews [n, views, classes], row-major
   * @return [n, classes], row-major; of one view the array itself
   */
  static float[] means(float[] ofViews, int n, int views, int classes) {
    if (views == 1) {
      return ofViews;
    }
    float[] means = new float[n * classes];
    for (int sample = 0; sample < n; sample++) {
      for (int label = 0; label < classes; label++) {
        double sum = 0;
        for (int view = 0; view < views; view++) {
          sum += ofViews[(sample * views + view) * classes + label];
        }
        means[sample * classes + label] = (float) (sum / views);
      }
    }
    return means;
  }
}
