// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.study;

import java.util.List;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.worker.evaluate.metric.MetricValues;
import org.bellows.worker.files.Unwrapped;

/**
 * The result of one training.
 *
 * @param metrics that are compared, on the validation split
 * @param trainingLoss mean over the last epoch's steps
 * @param seconds of all steps
 */
public record SeedResult(
    long seed,
    @Unwrapped MetricValues metrics,
    double trainingLoss,
    double seconds,
    String parametersSha256,
    List<EpochEvaluation> evaluations) {}
