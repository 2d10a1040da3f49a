/**
 * Retraining of one model of a registry: what is decided, in which order, and what is left behind
 * so that a start that died can be gone on with. How a network is trained and evaluated stands
 * behind {@link org.bellows.driver.retrain.RetrainSteps}; Spark is not known here.
 *
 * <pre>
 * models/NAME/history/1/ ..    a folder a decision, in order
 *   plan.json                  {@link org.bellows.driver.retrain.RetrainPlan}; written first
 *   report.html
 *   decision.json              {@link org.bellows.driver.retrain.Decision}; written last
 * </pre>
 *
 * <p>Order of a decision, each step a single rename or exclusive creation: plan, version, current
 * pointer, report, decision. A start finds the newest plan without a decision and goes on behind
 * what is there: a version that names the decision is not made again, an entry of the pointer that
 * names it is not written again.
 */
package org.bellows.driver.retrain;
