// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.bellows.driver.benchmark.Median;
import org.bellows.driver.benchmark.cost.LeastSquares;

/**
 * Seconds of an exchange as a sum: its {@link LinkCost}, each part times a factor that is fitted to
 * measurements.
 *
 * @param factors of the wire's seconds and of the delays (1: as they are), seconds of a message,
 *     seconds of a byte
 */
record LinkModel(double[] factors) {

  /** An exchange that was measured. */
  private record Measured(LinkRow row, ExchangeKind kind) {
    double seconds() {
      return row.median(kind);
    }

    LinkCost cost() {
      return LinkCost.of(row.plan(), kind);
    }
  }

  /**
   * By least squares of relative errors. A factor that would be negative is 0.
   *
   * @throws IllegalArgumentException when the rows are too few or too alike
   */
  static LinkModel fitted(List<LinkRow> rows) {
    List<Measured> measured = measured(rows);
    List<Integer> used = new ArrayList<>(List.of(0, 1, 2, 3));
    // Without any delay nothing can be said of its factor.
    used.removeIf(term -> measured.stream().allMatch(one -> one.cost().terms()[term] == 0));
    while (true) {
      double[] solved = solve(measured, used);
      int least =
          IntStream.range(0, solved.length)
              .reduce((a, b) -> solved[a] <= solved[b] ? a : b)
              .orElseThrow();
      if (solved[least] >= 0) {
        double[] factors = new double[4];
        IntStream.range(0, solved.length).forEach(i -> factors[used.get(i)] = solved[i]);
        return new LinkModel(factors);
      }
      used.remove(least);
    }
  }

  /** Columns of like size, for seconds and bytes are far apart. */
  private static double[] solve(List<Measured> measured, List<Integer> used) {
    double[][] rows = new double[measured.size()][used.size()];
    double[] largest = new double[used.size()];
    for (int i = 0; i < rows.length; i++) {
      Measured one = measured.get(i);
      double[] terms = one.cost().terms();
      for (int j = 0; j < largest.length; j++) {
        rows[i][j] = terms[used.get(j)] / one.seconds();
        largest[j] = Math.max(largest[j], rows[i][j]);
      }
    }
    for (double[] row : rows) {
      Arrays.setAll(row, j -> row[j] / largest[j]);
    }
    double[] ones = new double[measured.size()];
    Arrays.fill(ones, 1);
    double[] solved = LeastSquares.solve(rows, ones);
    Arrays.setAll(solved, j -> solved[j] / largest[j]);
    return solved;
  }

  private static List<Measured> measured(List<LinkRow> rows) {
    List<Measured> all = new ArrayList<>();
    for (LinkRow row : rows) {
      for (ExchangeKind kind : ExchangeKind.of(row.plan())) {
        if (kind.isExchange() && row.plan().link().megabits() > 0) {
          all.add(new Measured(row, kind));
        }
      }
    }
    return all;
  }

  double seconds(LinkPlan plan, ExchangeKind kind) {
    double[] terms = LinkCost.of(plan, kind).terms();
    double seconds = 0;
    for (int term = 0; term < terms.length; term++) {
      seconds += factors[term] * terms[term];
    }
    return seconds;
  }

  /** In words, with a line for each row: what a model says of it that was fitted to the others. */
  static String text(List<LinkRow> rows) {
    try {
      double[] factors = fitted(rows).factors();
      StringBuilder text =
          new StringBuilder(
              String.format(
                  Locale.ROOT,
                  "fitted: seconds = %.2f wire + %.2f delays + %.0f us a message + %.2f ns a byte of all ranks%n",
                  factors[0],
                  factors[1],
                  factors[2] * 1e6,
                  factors[3] * 1e9));
      double[] errors = errors(rows);
      text.append(
          String.format(
              Locale.ROOT,
              "of each row by a fit to the others: error %.0f %% by the median, %.0f %% at most%n",
              100 * Median.of(errors),
              100 * Arrays.stream(errors).max().orElseThrow()));
      return text.toString();
    } catch (IllegalArgumentException e) {
      return "no model: " + e.getMessage() + "\n";
    }
  }

  /** Relative errors of each row's exchanges, by a model that was fitted to the other rows. */
  static double[] errors(List<LinkRow> rows) {
    List<Double> errors = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      LinkRow row = rows.get(i);
      List<LinkRow> others = new ArrayList<>(rows);
      others.remove(i);
      LinkModel model = fitted(others);
      for (Measured one : measured(List.of(row))) {
        errors.add(Math.abs(model.seconds(row.plan(), one.kind()) / one.seconds() - 1));
      }
    }
    return errors.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
