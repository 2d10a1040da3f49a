// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.metrics;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.List;

/**
 * Where the time of one rank went in steps that follow each other. Ranks wait for each other in
 * every step, so all take the same time; which of them the others wait for shows in what it does
 * meanwhile.
 *
 * @param from first step
 * @param to one past the last step
 * @param host where the rank ran, with port of the executor
 * @param lanes of this rank: its work in each step
 * @param seconds wall time of the steps
 * @param dataWaitSeconds waiting for batches
 * @param computeSeconds in forward and backward
 * @param collectiveSeconds exchanging gradients and parameters, waiting for others included
 * @param hiddenSeconds part of the time in forward and backward in which gradients were exchanged;
 *     0 in files of older versions
 * @param garbageCollectionSeconds collectors' pauses of the process, part of any of these
 */
public record RankMetrics(
    long from,
    long to,
    int rank,
    String host,
    int lanes,
    double seconds,
    double dataWaitSeconds,
    double computeSeconds,
    double collectiveSeconds,
    @JsonProperty double hiddenSeconds,
    double garbageCollectionSeconds)
    implements Serializable {

  /** The rank, its host and its number of lanes. */
  public record TimeShare(int rank, String host, int lanes) {}

  /** Adds up the steps of a segment, of which there is one at least. */
  public static RankMetrics of(
      TimeShare place, List<StepMetrics> steps, double garbageCollectionSeconds) {
    return new RankMetrics(
        steps.get(0).step(),
        steps.get(steps.size() - 1).step() + 1,
        place.rank(),
        place.host(),
        place.lanes(),
        steps.stream().mapToDouble(StepMetrics::seconds).sum(),
        steps.stream().mapToDouble(StepMetrics::dataWaitSeconds).sum(),
        steps.stream().mapToDouble(StepMetrics::computeSeconds).sum(),
        steps.stream().mapToDouble(StepMetrics::collectiveSeconds).sum(),
        steps.stream().mapToDouble(StepMetrics::hiddenSeconds).sum(),
        garbageCollectionSeconds);
  }

  /** The sum of this and the following steps of the same rank. */
  public RankMetrics plus(RankMetrics next) {
    return new RankMetrics(
        from,
        next.to,
        rank,
        host,
        lanes,
        seconds + next.seconds,
        dataWaitSeconds + next.dataWaitSeconds,
        computeSeconds + next.computeSeconds,
        collectiveSeconds + next.collectiveSeconds,
        hiddenSeconds + next.hiddenSeconds,
        garbageCollectionSeconds + next.garbageCollectionSeconds);
  }

  /** The rank's own time for one batch of one lane, without waiting for other ranks. */
  public double busySecondsPerLaneBatch() {
    return (dataWaitSeconds + computeSeconds) / lanes / (to - from);
  }
}
