// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

/**
 * The outcome of a start of retrain.
 *
 * @param outcome that of the decision, or "unchanged"
 * @param why in a sentence
 * @param decision null when there was none to make
 * @param current version that is current now, or null
 */
public record RetrainResult(String outcome, String why, Decision decision, Integer current) {}
