// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.study;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Trainings that differ in one thing each, to be run with several seeds.
 *
 * @param name of the shipped study, or of the file without its ending
 * @param question that the study answers, one sentence
 * @param profile that all start from
 * @param set key=value of all trainings, on top of the profile
 * @param seeds a training of each arm for each
 * @param arms the first is what the others are compared with
 */
public record Study(
    String name,
    String question,
    String profile,
    List<String> set,
    List<Long> seeds,
    List<Arm> arms) {

  /**
   * One row of the result.
   *
   * @param group arms of a group share a chart
   * @param set key=value on top of the study's
   * @param teacherSet settings of the training that makes {@code loss.teacher}, on top of the
   *     study's; empty: there is no teacher
   */
  public record Arm(
      String name, String group, List<String> set, Optional<List<String>> teacherSet) {
    /** The name as a folder's: lower case letters, digits, dots and dashes. */
    public String folder() {
      return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-");
    }
  }

  public Study withSeeds(List<Long> others) {
    return new Study(name, question, profile, set, List.copyOf(others), arms);
  }

  /** Groups in the order of their first arms. */
  public List<String> groups() {
    return arms.stream().map(Arm::group).distinct().toList();
  }
}
