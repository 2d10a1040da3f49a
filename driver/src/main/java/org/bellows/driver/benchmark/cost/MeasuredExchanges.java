// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark.cost;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.bellows.driver.benchmark.cost.CostModel.Measured;

/**
 * The fields that the cost model reads from the file of {@code benchmark collective --json}.
 *
 * @param floats of the vector
 * @param processors of the machine
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record MeasuredExchanges(long floats, int processors, List<Row> rows) {

  /** One number of ranks. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Row(Exchange exchange) {}

  /** Its median. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Exchange(int ranks, double seconds) {}

  public List<Measured> measured() {
    double bytes = (double) Float.BYTES * floats;
    return rows.stream()
        .map(row -> new Measured(row.exchange().ranks(), bytes, row.exchange().seconds()))
        .toList();
  }
}
