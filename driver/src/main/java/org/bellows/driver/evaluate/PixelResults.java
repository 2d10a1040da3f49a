// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.evaluate;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.PixelFacts;

/**
 * What the results of a command say of answers that give each pixel a class, beside the metrics.
 */
public final class PixelResults {
  private PixelResults() {}

  /** For {@code result.json}; none where answers say a class of each sample. */
  public static Map<String, Object> byKey(Evaluation evaluation) {
    Map<String, Object> results = new LinkedHashMap<>();
    PixelFacts pixels = evaluation.pixels();
    if (pixels != null) {
      results.put("iou", evaluation.iou());
      results.put("boundary-f1-by-class", pixels.boundaryF1());
      results.put("void-pixels", pixels.voidPixels());
      results.put("undefined-classes", pixels.undefined());
    }
    return results;
  }

  /** What was left out, for a line on a terminal; none where answers say a class of each sample. */
  public static Optional<String> text(Evaluation evaluation) {
    PixelFacts pixels = evaluation.pixels();
    if (pixels == null) {
      return Optional.empty();
    }
    long[] compared = new long[1];
    evaluation.confusion().forEach((actual, predicted, count) -> compared[0] += count);
    String undefined =
        pixels.undefined().isEmpty()
            ? ""
            : "; left out of means, in no mask and no answer: "
                + String.join(", ", pixels.undefined());
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%s: %,d pixels compared, %,d void ones left out%s",
            evaluation.split(),
            compared[0],
            pixels.voidPixels(),
            undefined));
  }
}
