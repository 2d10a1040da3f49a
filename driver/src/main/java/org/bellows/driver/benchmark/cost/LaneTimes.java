// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark.cost;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * The time to compute one lane batch.
 *
 * @param laneSeconds the mean
 * @param spread standard deviation divided by the mean
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LaneTimes(double laneSeconds, double spread) {}
