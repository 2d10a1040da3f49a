// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.inference;

import java.util.List;
import java.util.Map;
import org.bellows.benchmark.measure.RowColumns;
import org.bellows.driver.benchmark.InterleavedRuns;

/**
 * One network's result.
 *
 * @param versions of what was measured
 * @param imagesPerSecond by contender, median of the rounds
 * @param ratio Bellows's rate to ONNX Runtime's by the wall clock, median of the rounds' own
 * @param cpuRatio the same by processor time
 * @param difference the largest between two probabilities, by the range of ONNX Runtime's
 */
record InferenceRow(
    String network,
    String input,
    int batch,
    int threads,
    String versions,
    Map<String, Double> imagesPerSecond,
    double ratio,
    double cpuRatio,
    double difference,
    Map<String, List<InterleavedRuns.Rate>> rounds) {

  static String header() {
    return RowColumns.header()
        .word("bellows/s")
        .word("onnxruntime/s")
        .word("ratio")
        .word("by CPU")
        .word("difference")
        .line();
  }

  /** Under {@link #header}. */
  String line() {
    return RowColumns.of(network, input, batch, threads)
        .number("%.1f", imagesPerSecond.get(InferenceWorker.BELLOWS))
        .number("%.1f", imagesPerSecond.get(InferenceWorker.ONNX_RUNTIME))
        .number("%.2f", ratio)
        .number("%.2f", cpuRatio)
        .number("%.1e", difference)
        .line();
  }
}
