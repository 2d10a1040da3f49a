// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark.cost;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** The fields that the cost model reads from the file of {@code benchmark scaling}. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MeasuredScaling(Medians medians) {

  /** Median over the rounds. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Medians(LaneTimes machine) {}
}
