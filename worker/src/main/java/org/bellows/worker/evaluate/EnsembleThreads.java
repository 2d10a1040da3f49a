// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.bellows.worker.network.Ensemble;
import org.bellows.worker.parallel.LaneTasks;
import org.bellows.worker.parallel.LaneThreads;

/**
 * The same networks once for each of some threads: an executor that computes lanes at the same time
 * answers as many batches, or pictures, at the same time. Each is answered by the threads of one
 * lane, so an answer has the same bits with any number of them.
 *
 * @param ensembles of the same parameters, at least one
 * @param tasks can begin as many together
 */
public record EnsembleThreads(List<Ensemble> ensembles, LaneTasks tasks) {
  public EnsembleThreads {
    ensembles = List.copyOf(ensembles);
  }

  /** One after the other, on the caller's thread. */
  public static EnsembleThreads one(Ensemble ensemble) {
    return new EnsembleThreads(List.of(ensemble), new LaneThreads(1));
  }

  /**
   * As many as threads.
   *
   * @param ensemble is closed by the caller, and the others with it
   */
  public static EnsembleThreads of(Ensemble ensemble, LaneThreads threads) {
    List<Ensemble> all = new ArrayList<>(List.of(ensemble));
    while (all.size() < threads.count()) {
      all.add(ensemble.beside());
    }
    return new EnsembleThreads(all, threads);
  }

  int count() {
    return ensembles.size();
  }

  /** As {@link LaneTasks#run(int, IntFunction)}; the task of a number takes its ensemble. */
  <T> List<T> run(int n, IntFunction<T> task) {
    return tasks.run(n, task);
  }
}
