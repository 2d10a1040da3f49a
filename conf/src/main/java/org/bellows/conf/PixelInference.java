// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;
import java.util.List;
import org.bellows.conf.text.ValueText;
import org.bellows.conf.text.Words;

/**
 * How a network that says a class of each pixel is shown a picture: the settings of {@link
 * EvaluateSettings} that its label maps depend on.
 *
 * @param windowStride share of the window's side, from one window to the next
 * @param scales sizes at which the picture is shown, as shares of the usual one
 * @param mirror whether the picture is also shown mirrored
 */
public record PixelInference(
    EvaluateSettings.Inference inference, double windowStride, List<Double> scales, boolean mirror)
    implements Serializable {
  /** As in {@code reference.conf}: "whole, scales 0.75 and 1, mirrored". */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(ValueText.name(inference));
    if (inference == EvaluateSettings.Inference.SLIDING_WINDOW
        || inference == EvaluateSettings.Inference.TILES) {
      text.append(", window-stride ").append(windowStride);
    }
    if (!scales.equals(List.of(1.0))) {
      text.append(", scales ").append(Words.and(scales));
    }
    return text.append(mirror ? ", mirror" : "").toString();
  }
}
