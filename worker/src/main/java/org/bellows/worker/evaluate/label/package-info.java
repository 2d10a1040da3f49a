// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What is counted of answers to samples of any number of classes: {@link
 * org.bellows.worker.evaluate.label.LabelAnswers} keeps the probabilities, {@link
 * org.bellows.worker.evaluate.label.PrecisionRecallCurve} orders those of one class, {@link
 * org.bellows.worker.evaluate.label.LabelScores} sums up; {@link
 * org.bellows.worker.evaluate.label.ClassProbability} has one probability's logit. No result depends on the order of the
 * samples, so none depends on batches and workers.
 *
 * <p>No metrics, datasets or networks here.
 */
package org.bellows.worker.evaluate.label;
