// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.bellows.conf.BellowsException;

/** From which probability on a class is an answer, where an image is of any number of classes. */
public final class ClassThresholds {
  private ClassThresholds() {}

  /**
   * @param given by class; empty: none
   * @param ofAll in the place of those
   * @return by class
   * @throws BellowsException (configuration) for another number of them, or one beyond 0 to 1
   */
  public static double[] inForce(double[] given, double ofAll, int classes) {
    if (given.length == 0) {
      double[] same = new double[classes];
      Arrays.fill(same, ofAll);
      return same;
    }
    if (given.length != classes) {
      throw BellowsException.configuration(
          "thresholds has %d numbers, expected %d: one a class, in the order of the labels"
              .formatted(given.length, classes));
    }
    requireProbabilities(given);
    return given.clone();
  }

  /**
   * @throws BellowsException (configuration) for a number that is not from 0 to 1
   */
  public static void requireProbabilities(double[] given) {
    if (DoubleStream.of(given).anyMatch(one -> !(one >= 0 && one <= 1))) {
      throw BellowsException.configuration(
          "thresholds holds %s, expected numbers from 0 to 1".formatted(Arrays.toString(given)));
    }
  }
}
