// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Retraining of one model of a registry: the decisions, their order, and the files from which a
 * start after a crash resumes. The training and evaluation of a network are hidden by {@link
 * org.bellows.driver.retrain.RetrainSteps}; this package is independent of Spark.
 *
 * <pre>
 * models/NAME/history/1/ ..    a folder a decision, in order
 *   plan.json                  {@link org.bellows.driver.retrain.RetrainPlan}; written first
 *   report.html
 *   decision.json              {@link org.bellows.driver.retrain.Decision}; written last
 * </pre>
 *
 * <p>Order of a decision, each step a single rename or exclusive creation: plan, version, current
 * pointer, report, decision. A start finds the newest plan without a decision and resumes after the
 * last step that is there: a version that names the decision is not made again, an entry of the
 * pointer that names it is not written again.
 */
package org.bellows.driver.retrain;
