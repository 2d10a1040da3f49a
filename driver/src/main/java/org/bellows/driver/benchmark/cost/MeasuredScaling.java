package org.bellows.driver.benchmark.cost;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** What the cost model reads of the file that {@code benchmark scaling} writes. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MeasuredScaling(Medians medians) {

  /** Of the rounds. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Medians(LaneTimes machine) {}
}
