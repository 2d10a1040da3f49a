// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.pretrained;

/**
 * The pictures that published weights were trained on: pixels in 0..1, RGB, minus the mean, divided
 * by the deviation.
 *
 * @param mean per channel, in 0..1
 * @param standardDeviation likewise
 * @param resizePixels shorter side before the centre crop; 0: the input's larger side
 */
public record ExpectedInput(float[] mean, float[] standardDeviation, int resizePixels) {

  /** ImageNet's statistics, as torchvision's documentation of its weights has them. */
  public static ExpectedInput imageNet(int resizePixels) {
    return new ExpectedInput(
        new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f}, resizePixels);
  }
}
