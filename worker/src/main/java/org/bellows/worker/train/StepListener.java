// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import org.bellows.conf.PublicApi;
import org.bellows.worker.metrics.StepMetrics;

/** Called at each step while a segment runs; must be quick and must not throw. */
@PublicApi
@FunctionalInterface
public interface StepListener {
  void onStep(StepMetrics metrics);
}
