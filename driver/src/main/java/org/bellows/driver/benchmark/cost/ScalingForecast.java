// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark.cost;

import java.util.List;
import java.util.Locale;
import org.bellows.driver.benchmark.cost.CostModel.Algorithm;
import org.bellows.driver.benchmark.cost.CostModel.Network;
import org.bellows.driver.chart.ChartLayer;
import org.bellows.driver.chart.Series;
import org.bellows.driver.chart.SvgChart;

/**
 * A network's training on many executors, one lane each: the share of the steps that is computing.
 *
 * @param bytes of its parameters as they are sent
 */
public record ScalingForecast(CostModel model, Network network, double bytes, LaneTimes computing) {
  public static final List<Integer> EXECUTORS = List.of(2, 4, 8, 16, 32, 64, 128, 256, 512, 1024);

  /**
   * Images/s of all executors divided by so many times those of one that does not wait for others.
   */
  public double efficiency(Algorithm algorithm, int executors) {
    double exchange = model.seconds(algorithm, executors, bytes, network);
    double slowest = CostModel.slowest(computing.laneSeconds(), computing.spread(), executors);
    return computing.laneSeconds() / (slowest + exchange);
  }

  /** A row for each number of executors, in Markdown. */
  public String table() {
    StringBuilder out = new StringBuilder();
    out.append("| executors | direct, s | ring, s | halving-doubling, s | efficiency, direct |");
    out.append(" halving-doubling |\n|---|---|---|---|---|---|\n");
    for (int executors : EXECUTORS) {
      out.append(
          String.format(
              Locale.ROOT,
              "| %,d | %.3f | %.3f | %.3f | %.1f %% | %.1f %% |%n",
              executors,
              model.seconds(Algorithm.DIRECT, executors, bytes, network),
              model.seconds(Algorithm.RING, executors, bytes, network),
              model.seconds(Algorithm.HALVING_DOUBLING, executors, bytes, network),
              100 * efficiency(Algorithm.DIRECT, executors),
              100 * efficiency(Algorithm.HALVING_DOUBLING, executors)));
    }
    return out.toString();
  }

  /** The exchange's seconds over the executors, by algorithm. */
  public SvgChart chart(String id, String title) {
    SvgChart chart =
        new SvgChart(id, title)
            .size(720, 320)
            .axes("executors, as powers of two", "seconds of an exchange")
            .logarithmic(true);
    List<String> looks = List.of("first strong", "second strong", "third strong");
    for (Algorithm algorithm : Algorithm.values()) {
      double[] x = new double[EXECUTORS.size()];
      double[] y = new double[EXECUTORS.size()];
      for (int i = 0; i < x.length; i++) {
        x[i] = i + 1.0;
        y[i] = model.seconds(algorithm, EXECUTORS.get(i), bytes, network);
      }
      String name = algorithm.name().toLowerCase(Locale.ROOT).replace('_', '-');
      chart.add(new ChartLayer.Line(new Series(name, x, y), looks.get(algorithm.ordinal())));
    }
    return chart;
  }
}
