// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bellows.driver.chart.Series;
import org.bellows.worker.metrics.StepMetrics;

/** The steps that led to the final model, and the places where a run went back to a checkpoint. */
final class StepHistory {
  private final List<StepMetrics> steps;
  private final List<Long> resumes;

  private StepHistory(List<StepMetrics> steps, List<Long> resumes) {
    this.steps = steps;
    this.resumes = resumes;
  }

  /**
   * @param logged in the order of time; a step stands there again where a resume repeated it
   */
  static StepHistory of(List<StepMetrics> logged) {
    List<StepMetrics> kept = new ArrayList<>(logged.size());
    List<Long> resumes = new ArrayList<>();
    long next = Long.MAX_VALUE;
    for (int i = logged.size() - 1; i >= 0; i--) {
      StepMetrics step = logged.get(i);
      if (step.step() < next) {
        kept.add(step);
        next = step.step();
      }
      if (i > 0 && logged.get(i - 1).step() >= step.step()) {
        resumes.add(step.step());
      }
    }
    Collections.reverse(kept);
    Collections.reverse(resumes);
    return new StepHistory(kept, resumes);
  }

  boolean isEmpty() {
    return steps.isEmpty();
  }

  int size() {
    return steps.size();
  }

  StepMetrics last() {
    return steps.get(steps.size() - 1);
  }

  /** First step of each repetition. */
  List<Long> resumes() {
    return Collections.unmodifiableList(resumes);
  }

  double[] values(ToDoubleFunction<StepMetrics> value) {
    return steps.stream().mapToDouble(value).toArray();
  }

  Series series(String name, ToDoubleFunction<StepMetrics> value) {
    return new Series(name, values(StepMetrics::step), values(value));
  }

  /** Samples over wall time, NaN where no time was measured. */
  static double imagesPerSecond(StepMetrics step) {
    return step.seconds() > 0 ? step.images() / step.seconds() : Double.NaN;
  }

  /** All samples over the time of all steps, NaN when no time was measured. */
  double imagesPerSecond() {
    double images = 0;
    double seconds = 0;
    for (StepMetrics step : steps) {
      if (step.seconds() > 0 && Double.isFinite(step.seconds())) {
        images += step.images();
        seconds += step.seconds();
      }
    }
    return seconds > 0 ? images / seconds : Double.NaN;
  }

  /** The rest of a step's time that none of its three parts explains, in seconds. */
  static double restSeconds(StepMetrics step) {
    double known = step.dataWaitSeconds() + step.computeSeconds() + step.collectiveSeconds();
    return Math.max(0, step.seconds() - known);
  }
}
