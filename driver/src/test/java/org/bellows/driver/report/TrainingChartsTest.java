// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.bellows.driver.chart.Markup;
import org.bellows.worker.metrics.StepMetrics;
import org.junit.jupiter.api.Test;

class TrainingChartsTest {
  @Test
  void decayByTensReadsOnALogarithmicAxis() {
    String charts = charts(step -> 1, step -> 0.1 * Math.pow(0.1, Math.floorDiv(step, 30)));
    assertThat(charts).contains(">0.0001<").doesNotContain("warmup ends");
  }

  @Test
  void linearDecayReadsOnALinearAxis() {
    assertThat(charts(step -> 1, step -> 0.1 * (1 - step / 100.0))).contains(">0.08<");
  }

  @Test
  void theEndOfWarmupIsMarked() {
    assertThat(charts(step -> 1, step -> Math.min(1, (step + 1) / 10.0)))
        .contains("warmup ends, step 9");
    assertThat(charts(step -> 1, step -> step / 200.0)).doesNotContain("warmup ends");
  }

  @Test
  void lossOverManyMagnitudesIsLogarithmic() {
    assertThat(charts(step -> Math.exp(-step / 10.0), step -> 0.1)).contains(">0.001<");
    assertThat(charts(step -> 2 - step / 100.0, step -> 0.1)).contains(">1.5<");
  }

  @Test
  void aSlowStartIsCutOffAndNamed() {
    String charts = charts(step -> 1, step -> 0.1);
    assertThat(charts)
        .contains("Slowest: 2,100\u00a0ms, beyond the axis.")
        .contains("Gradients were exchanged during 25.0\u00a0% of it, beside computing.");
  }

  /** A hundred steps of 100 ms, the first five of 2.1 s. */
  private static String charts(IntToDoubleFunction loss, IntToDoubleFunction rate) {
    List<StepMetrics> steps =
        IntStream.range(0, 100)
            .mapToObj(
                step -> {
                  double seconds = step < 5 ? 2.1 : 0.1;
                  return new StepMetrics(
                      step,
                      0,
                      loss.applyAsDouble(step),
                      rate.applyAsDouble(step),
                      seconds,
                      32,
                      0,
                      seconds,
                      0,
                      seconds / 4);
                })
            .toList();
    Markup out = new Markup();
    new TrainingCharts(StepHistory.of(steps), List.of(), 0).render(out);
    return out.toString();
  }
}
