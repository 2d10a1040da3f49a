package org.bellows.driver.benchmark.cost;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.bellows.driver.benchmark.cost.CostModel.Measured;

/**
 * What the cost model reads of the file that {@code benchmark collective --json} writes.
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
