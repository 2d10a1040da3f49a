// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.util.Comparator;
import java.util.List;

/**
 * Where the time of a network's training step or forward pass goes.
 *
 * @param imagesPerSecond of whole steps or passes; a step brings in the parameters anew
 * @param lines in the order of the step
 */
public record StepProfile(double imagesPerSecond, List<Line> lines) {

  /**
   * One operation.
   *
   * @param phase parameters, forward or backward
   * @param what it is, and the library's name of the code that does it
   * @param microseconds a step
   */
  public record Line(String vertex, String phase, String what, double microseconds) {}

  /** As a table, the dearest first, with each line's share of the sum. */
  public String text(int most) {
    double sum = lines.stream().mapToDouble(Line::microseconds).sum();
    StringBuilder text = new StringBuilder();
    text.append("%.1f images/s, %.1f ms in operations%n".formatted(imagesPerSecond, sum / 1e3));
    lines.stream()
        .sorted(Comparator.comparingDouble(Line::microseconds).reversed())
        .limit(most)
        .forEach(
            line ->
                text.append(
                    "%10.1f us %5.1f %%  %-10s %s: %s%n"
                        .formatted(
                            line.microseconds(),
                            100 * line.microseconds() / sum,
                            line.phase(),
                            line.vertex(),
                            line.what())));
    return text.toString();
  }
}
