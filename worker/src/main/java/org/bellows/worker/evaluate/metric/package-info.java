// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The metrics of answers. A {@link org.bellows.worker.evaluate.metric.Metric} knows its name in
 * files and settings, its title, its unit and which of two values is better; {@link
 * org.bellows.worker.evaluate.metric.Metrics} lists them. Everything that stores, compares, prints
 * or draws an evaluation asks the metric, and names none.
 *
 * <p>No reading of datasets and no network here: only answers and what is counted of them.
 */
package org.bellows.worker.evaluate.metric;
