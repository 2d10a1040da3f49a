// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/**
 * One figure by which a model's answers are judged. Implementations have no state; {@link Metrics}
 * lists them.
 */
public sealed interface Metric permits SampleMetric, ConfusionMetric, PictureMetric, LabelMetric {
  /**
   * Key in files ({@code result.json}, {@code evaluation.json}, {@code version.json}) and in
   * settings, in lower case with hyphens. Files that are there hold it, so it never changes.
   */
  String name();

  /** In tables and lines, such as "top-1". */
  String title();

  /**
   * The quantity that it measures, such as "accuracy": metrics of the same quantity are drawn in
   * one chart. A metric that is alone with its quantity has its title here.
   */
  default String quantity() {
    return title();
  }

  MetricUnit unit();

  boolean higherIsBetter();

  /**
   * Whether the value says anything of so many classes.
   *
   * @param classes 0 where the number is not known
   */
  default boolean tells(int classes) {
    return true;
  }

  /** Whether lines on a terminal have it; files and reports have all. */
  default boolean isInLines() {
    return true;
  }

  /** The metric of all answers that were counted; NaN where there is none. */
  double value(AnswerCounter answers);

  /** Title and quantity, such as "top-1 accuracy". */
  default String heading() {
    return title().equals(quantity()) ? title() : title() + " " + quantity();
  }

  /** The name for systems that allow no hyphen: gauges, curves. */
  default String seriesName() {
    return name().replace('-', '_');
  }

  /** The value with the sign by which more is better. */
  default double merit(double value) {
    return higherIsBetter() ? value : -value;
  }

  /** False where one of them is NaN. */
  default boolean isBetter(double value, double other) {
    return merit(value) > merit(other);
  }

  /** By how much the second value is better than the first: below 0 where it is worse. */
  default double gain(double before, double after) {
    return merit(after) - merit(before);
  }
}
