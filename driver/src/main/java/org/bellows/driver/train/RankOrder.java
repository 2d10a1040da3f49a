// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which task of a barrier stage is which rank. Spark numbers tasks as it gets offers, here and
 * there; ranks of one host are neighbours in the lane tree, so that they can add up among
 * themselves. Hosts with more ranks come first: then as many hosts as can be have lanes that are
 * one branch of the tree.
 *
 * @param tasks by rank
 */
record RankOrder(List<Integer> tasks) {

  /**
   * @param hosts names by task
   */
  static RankOrder of(List<String> hosts) {
    Map<String, List<Integer>> ofHosts = new LinkedHashMap<>();
    for (int task = 0; task < hosts.size(); task++) {
      ofHosts.computeIfAbsent(hosts.get(task), unused -> new ArrayList<>()).add(task);
    }
    List<Integer> tasks = new ArrayList<>();
    ofHosts.values().stream()
        // Stable: of equals the one with the first task.
        .sorted(Comparator.comparing(ofHost -> -ofHost.size()))
        .forEach(tasks::addAll);
    return new RankOrder(List.copyOf(tasks));
  }

  int rank(int task) {
    return tasks.indexOf(task);
  }

  /** What is given by task, by rank. */
  <T> List<T> byRank(List<T> byTask) {
    return tasks.stream().map(byTask::get).toList();
  }
}
