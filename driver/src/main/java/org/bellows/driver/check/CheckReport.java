// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import java.util.List;

/**
 * What {@code device-check} found, as it writes it to a JSON file.
 *
 * @param device cpu, or the GPU
 * @param versions of libraries
 */
public record CheckReport(
    String engine,
    String against,
    String device,
    String versions,
    int threads,
    double seconds,
    boolean holds,
    List<PrecisionReport> precisions) {

  /** One line behind the tables. */
  public String conclusion() {
    long failed = precisions.stream().filter(one -> !one.holds()).count();
    return holds
        ? "device-check: %s agrees with %s on %s, and repeats its bits"
            .formatted(engine, against, device)
        : "device-check: %s does not hold what is expected of it on %s: see FAILED above (%d of %d number formats)"
            .formatted(engine, device, failed, precisions.size());
  }
}
