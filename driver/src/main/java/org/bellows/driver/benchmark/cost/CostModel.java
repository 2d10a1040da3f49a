// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark.cost;

import java.util.Arrays;
import java.util.List;

/**
 * Seconds of one exchange of a vector of b bytes between W ranks. After Hockney's model (a message
 * of m bytes takes alpha + m beta), but alpha is taken apart: what it costs the processors to send
 * and receive a message, which every message pays, and the way through the network, which messages
 * that are under way at once pay together.
 *
 * <pre>
 * direct exchange   2 (W - 1) o + 2 L            + 2 b (W - 1) / W * c
 * ring              2 (W - 1) (o + L)            + 2 b (W - 1) / W * c
 * halving-doubling  2 log2(W) (o + L)            + 2 b (W - 1) / W * c
 * c = max(a processor's seconds for a byte, the network's seconds for a byte)
 * </pre>
 *
 * <p>Ring: Patarasuk and Yuan 2009, "Bandwidth optimal all-reduce algorithms for clusters of
 * workstations", section 3. Halving-doubling (Rabenseifner): Thakur, Rabenseifner and Gropp 2005,
 * "Optimization of collective communication operations in MPICH", section 3.4, for powers of two.
 * Deviation: the seconds of additions are not apart, but part of the processor's for a byte.
 *
 * @param messageSeconds o, of the processors at both ends together
 * @param byteSeconds of the processors at both ends together
 */
public record CostModel(double messageSeconds, double byteSeconds) {

  /**
   * Between processes of one machine.
   *
   * @param bytes of the vector
   * @param seconds of one exchange
   */
  public record Measured(int ranks, double bytes, double seconds) {}

  /**
   * @param latencySeconds L, one way
   * @param bytesPerSecond of a rank's connection, each way
   */
  public record Network(double latencySeconds, double bytesPerSecond) {}

  /** How the vector goes round. */
  public enum Algorithm {
    DIRECT,
    RING,
    HALVING_DOUBLING
  }

  /**
   * Processes of one machine share its processors, and no network is in their way: all of their
   * messages and bytes together take
   *
   * <pre>
   * seconds * processors = 2 W (W - 1) o + 2 b (W - 1) c
   * </pre>
   *
   * <p>Residuals are taken relative to the measured seconds, so that small exchanges count as much
   * as large ones. Neither constant is less than 0.
   *
   * @throws IllegalArgumentException when the measurements do not determine both
   */
  public static CostModel fit(List<Measured> measured, int processors) {
    double[][] rows = new double[measured.size()][];
    double[] ones = new double[measured.size()];
    for (int i = 0; i < measured.size(); i++) {
      Measured one = measured.get(i);
      double shared = one.seconds() * Math.min(processors, one.ranks());
      double pairs = one.ranks() - 1.0;
      rows[i] = new double[] {2 * one.ranks() * pairs / shared, 2 * one.bytes() * pairs / shared};
      ones[i] = 1;
    }
    double[] both = LeastSquares.solve(rows, ones);
    if (both[0] >= 0 && both[1] >= 0) {
      return new CostModel(both[0], both[1]);
    }
    // Where the sum of squares falls towards less than nothing, its least is at nothing.
    int left = both[0] < 0 ? 1 : 0;
    double[][] column =
        Arrays.stream(rows).map(row -> new double[] {row[left]}).toArray(double[][]::new);
    double alone = LeastSquares.solve(column, ones)[0];
    return left == 1 ? new CostModel(0, alone) : new CostModel(alone, 0);
  }

  /** The fit's prediction for a measurement. */
  public double seconds(Measured measured, int processors) {
    double pairs = measured.ranks() - 1.0;
    return (2 * measured.ranks() * pairs * messageSeconds
            + 2 * measured.bytes() * pairs * byteSeconds)
        / Math.min(processors, measured.ranks());
  }

  /** On machines of their own. */
  public double seconds(Algorithm algorithm, int ranks, double bytes, Network network) {
    double others = ranks - 1.0;
    double rounds = Math.ceil(Math.log(ranks) / Math.log(2) - 1e-9);
    double messages =
        switch (algorithm) {
          case DIRECT -> 2 * others * messageSeconds + 2 * network.latencySeconds();
          case RING -> 2 * others * (messageSeconds + network.latencySeconds());
          case HALVING_DOUBLING -> 2 * rounds * (messageSeconds + network.latencySeconds());
        };
    double perByte = Math.max(byteSeconds, 1 / network.bytesPerSecond());
    return messages + 2 * bytes * others / ranks * perByte;
  }

  /**
   * Expected seconds of the slowest of W ranks whose computing times are normal: mean + deviation *
   * sqrt(2 ln W), which is a little too much (Cramer 1946, section 28.6).
   *
   * @param spread standard deviation divided by the mean
   */
  public static double slowest(double meanSeconds, double spread, int ranks) {
    return meanSeconds * (1 + spread * Math.sqrt(2 * Math.log(ranks)));
  }
}
