// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.features;

/**
 * The result for one image.
 *
 * @param values the layer's output, pooled or flat; null for an image that was refused
 * @param top labels of the likeliest classes, likeliest first; empty where none were asked for
 * @param probabilities of these, 0 to 1
 * @param refusal null, or why there are no values; a predicate: "is truncated: ..."
 */
public record ImageFeature(float[] values, int[] top, float[] probabilities, String refusal) {
  static ImageFeature refused(String refusal) {
    return new ImageFeature(null, new int[0], new float[0], refusal);
  }
}
