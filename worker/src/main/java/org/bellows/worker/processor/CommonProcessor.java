// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.text.Words;

/** What ranks on perhaps different processors agree on when they meet; the same on every rank. */
public final class CommonProcessor {
  private static final String ONEDNN = "onednn";

  private final List<String> hosts;
  private final List<RankProcessor> ranks;

  /**
   * @param hosts of the ranks, by rank
   * @param ranks their processors, by rank
   */
  public CommonProcessor(List<String> hosts, List<RankProcessor> ranks) {
    this.hosts = List.copyOf(hosts);
    this.ranks = List.copyOf(ranks);
  }

  /**
   * @param limit of instructions that each rank sets; empty: none is needed
   * @param notes for the report, on what differs
   */
  public record Agreement(Optional<InstructionSet> limit, List<String> notes) {}

  /**
   * @throws UnlikeExecutorsException saying which rank on which host lacks what, or has other
   *     libraries
   */
  public Agreement agree(TrainSettings train) {
    if (train.instructionSet() != TrainSettings.InstructionSet.AUTO) {
      requireAll(InstructionSet.limit(train.instructionSet(), train.precision()));
    }
    Set<InstructionSet> all =
        ranks.stream()
            .map(rank -> rank.instructions().deciding(train.precision()))
            .collect(Collectors.toCollection(TreeSet::new));
    InstructionSet lowest = all.iterator().next();
    boolean differ = all.size() > 1;
    if (differ && !train.stepEngine().equals(ONEDNN)) {
      throw new UnlikeExecutorsException(
          ErrorCategory.CONFIGURATION,
          "the executors have different instructions (%s), and train.step-engine = %s cannot be limited once it runs; set train.instruction-set"
              .formatted(titles(), train.stepEngine()));
    }
    // Later, because PyTorch's line names the instructions that it takes.
    requireEqualLibraries();
    List<String> notes = new ArrayList<>();
    if (differ) {
      notes.add(
          "the executors have different instructions: %s; all compute with %s, which all have (train.instruction-set = auto)"
              .formatted(titles(), lowest.title()));
    }
    if (ranks.stream().anyMatch(rank -> !rank.caches().equals(ranks.get(0).caches()))) {
      notes.add(
          "the executors have caches of different sizes (%s for each core), by which oneDNN forms blocks: the result's bits depend on which executor computes which lane"
              .formatted(byRank(RankProcessor::caches)));
    }
    return new Agreement(differ ? Optional.of(lowest) : Optional.empty(), notes);
  }

  /**
   * Of ranks that compute on GPUs: the instructions of their processors decide nothing.
   *
   * @throws UnlikeExecutorsException saying which rank on which host has another compute capability
   *     or other libraries
   */
  public Agreement agreeOnGpus() {
    requireEqualLibraries();
    if (ranks.stream().map(CommonProcessor::capability).distinct().count() > 1) {
      throw new UnlikeExecutorsException(
          ErrorCategory.CONFIGURATION,
          "the executors' GPUs have different compute capabilities (%s), and the result's bits would depend on which executor computes which lane; give the run devices of one kind"
              .formatted(byRank(CommonProcessor::gpu)));
    }
    boolean differ = ranks.stream().map(CommonProcessor::gpu).distinct().count() > 1;
    return new Agreement(
        Optional.empty(),
        differ
            ? List.of(
                "the executors have different GPUs (%s), for which libraries may choose different algorithms: the result's bits may depend on which executor computes which lane"
                    .formatted(byRank(CommonProcessor::gpu)))
            : List.of());
  }

  private static String gpu(RankProcessor rank) {
    return rank.gpu().map(RankProcessor.Gpu::toString).orElse("no GPU");
  }

  private static String capability(RankProcessor rank) {
    return rank.gpu().map(RankProcessor.Gpu::capability).orElse("");
  }

  private void requireEqualLibraries() {
    for (int rank = 1; rank < ranks.size(); rank++) {
      if (!ranks.get(rank).libraries().equals(ranks.get(0).libraries())) {
        throw new UnlikeExecutorsException(
            ErrorCategory.CONFIGURATION,
            "rank %d on %s has %s, but rank 0 on %s has %s; all executors need the same Bellows"
                .formatted(
                    rank,
                    hosts.get(rank),
                    ranks.get(rank).libraries(),
                    hosts.get(0),
                    ranks.get(0).libraries()));
      }
    }
  }

  private void requireAll(InstructionSet asked) {
    for (int rank = 0; rank < ranks.size(); rank++) {
      if (ranks.get(rank).instructions().compareTo(asked) < 0) {
        throw new UnlikeExecutorsException(
            ErrorCategory.CONFIGURATION,
            "train.instruction-set asks for %s, but rank %d on %s has %s; allowed: what all executors have, or hosts that have it"
                .formatted(asked.title(), rank, hosts.get(rank), ranks.get(rank).title()));
      }
    }
  }

  private String titles() {
    return byRank(RankProcessor::title);
  }

  private String byRank(Function<RankProcessor, String> what) {
    return Words.and(
        IntStream.range(0, ranks.size())
            .mapToObj(
                rank ->
                    "rank %d on %s %s"
                        .formatted(rank, hosts.get(rank), what.apply(ranks.get(rank))))
            .toList());
  }
}
