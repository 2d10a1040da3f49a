// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * A run's folder under {@code output.path}:
 *
 * <ul>
 *   <li>{@code run.json}: the command and the identity that the folder belongs to
 *   <li>{@code configuration.json}: the effective configuration
 *   <li>{@code attempt.json}: which attempt of which start may write checkpoints
 *   <li>{@code checkpoints/}: see {@link org.bellows.worker.checkpoint}
 *   <li>{@code metrics/steps-FROM-TO.jsonl}: a line a step ({@link
 *       org.bellows.worker.metrics.StepMetrics}), a file a segment; the files of many short
 *       segments become one ({@link org.bellows.driver.run.SequenceFiles})
 *   <li>{@code metrics/ranks-FROM-TO.jsonl}: a line a rank ({@link
 *       org.bellows.worker.metrics.RankMetrics}), in files of the same segments
 *   <li>{@code metrics/evaluations.jsonl}: a line an epoch that was evaluated
 *   <li>{@code tensorboard/}: see {@link org.bellows.driver.watch.tensorboard}
 *   <li>{@code evaluation.json}: the last evaluation, with confusion matrix and worst mistakes
 *   <li>{@code notes.json}: what the run started from, resumes and failures
 *   <li>{@code model/}: the trained model, see {@link org.bellows.worker.model}
 *   <li>{@code features/}: of {@code extract-features}, see {@code driver.features.FeatureSchema}
 *   <li>{@code head/, pipeline/}: of {@code train-head}, Spark ML's own format
 *   <li>{@code plan.html}: what {@code train --dry-run} said before
 *   <li>{@code report.html}, and last {@code result.json}
 * </ul>
 */
package org.bellows.driver.run;
