// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import java.util.List;

/** What an answer says. */
public enum AnswerKind {
  /** The class of each sample. */
  SAMPLES,
  /** Any number of classes of each sample. */
  LABELS,
  /** The class of each pixel. */
  PIXELS;

  /** Those of such answers, in the order of display. */
  public List<Metric> metrics() {
    return switch (this) {
      case SAMPLES -> Metrics.ofSamples();
      case LABELS -> Metrics.ofLabels();
      case PIXELS -> Metrics.ofPixels();
    };
  }
}
