// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.predict;

/**
 * The likeliest classes of a picture.
 *
 * @param top labels, likeliest first; none where it was refused or the answer is not finite
 * @param probabilities of these, 0 to 1
 * @param labels rising, whose probability reaches its threshold, where a picture is of any number
 *     of classes; else null
 * @param refusal null, or why there is no answer; a predicate: "is truncated: ..."
 */
public record ClassPrediction(int[] top, float[] probabilities, int[] labels, String refusal) {
  static ClassPrediction refused(String refusal) {
    return new ClassPrediction(new int[0], new float[0], null, refusal);
  }

  public boolean isRefused() {
    return refusal != null;
  }

  /** Whether the networks answered, but not with numbers. */
  public boolean isNotFinite() {
    return refusal == null && top.length == 0;
  }
}
