// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark.cost;

/** The x that makes the rows' residuals, each divided by its weight, least in squares. */
public final class LeastSquares {
  /** The remainder of an equation that follows from the others is rounding. */
  private static final double ROUNDING = 1e-10;

  private LeastSquares() {}

  /**
   * By the normal equations and Gaussian elimination with pivots; for a handful of unknowns.
   *
   * @param rows [measurements][unknowns]
   * @param values [measurements]
   * @throws IllegalArgumentException when the rows do not determine the unknowns
   */
  public static double[] solve(double[][] rows, double[] values) {
    int unknowns = rows[0].length;
    double[][] normal = new double[unknowns][unknowns + 1];
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < unknowns; i++) {
        for (int j = 0; j < unknowns; j++) {
          normal[i][j] += rows[row][i] * rows[row][j];
        }
        normal[i][unknowns] += rows[row][i] * values[row];
      }
    }
    return eliminate(normal);
  }

  private static double[] eliminate(double[][] equations) {
    int unknowns = equations.length;
    double[] diagonal = new double[unknowns];
    for (int i = 0; i < unknowns; i++) {
      diagonal[i] = equations[i][i];
    }
    for (int column = 0; column < unknowns; column++) {
      int pivot = column;
      for (int row = column + 1; row < unknowns; row++) {
        if (Math.abs(equations[row][column]) > Math.abs(equations[pivot][column])) {
          pivot = row;
        }
      }
      if (Math.abs(equations[pivot][column]) <= ROUNDING * diagonal[column]) {
        throw new IllegalArgumentException(
            "%d unknowns are not determined by the measurements".formatted(unknowns));
      }
      double[] top = equations[pivot];
      equations[pivot] = equations[column];
      equations[column] = top;
      for (int row = 0; row < unknowns; row++) {
        double factor = row == column ? 0 : equations[row][column] / top[column];
        for (int i = column; i <= unknowns; i++) {
          equations[row][i] -= factor * top[i];
        }
      }
    }
    double[] solution = new double[unknowns];
    for (int i = 0; i < unknowns; i++) {
      solution[i] = equations[i][unknowns] / equations[i][i];
    }
    return solution;
  }
}
