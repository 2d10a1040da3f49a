// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Exact evaluation: every sample once, in batches whose composition does not depend on the
 * executor. The form of {@code evaluation.json} is that of {@link
 * org.bellows.worker.evaluate.Evaluation} and {@link
 * org.bellows.worker.evaluate.metric.ConfusionCounts}.
 */
package org.bellows.worker.evaluate;
