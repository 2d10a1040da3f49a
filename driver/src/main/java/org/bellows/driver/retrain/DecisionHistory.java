// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.NumberedEntries;
import org.bellows.data.storage.Storage;
import org.bellows.data.storage.lease.Fence;
import org.bellows.worker.files.Json;

/** The decisions of one model; see this package's documentation. */
public final class DecisionHistory {
  private static final String PLAN = "plan.json";
  private static final String DECISION = "decision.json";
  private static final String REPORT = "report.html";

  private final Configuration hadoop;
  private final Path folder;

  /**
   * @param folder need not be there yet
   */
  public DecisionHistory(Configuration hadoop, Path folder) {
    this.hadoop = hadoop;
    this.folder = folder;
  }

  /** The decisions, the oldest first. */
  public List<Decision> decisions() {
    List<Decision> decisions = new ArrayList<>();
    for (int number : numbers()) {
      decision(number).ifPresent(decisions::add);
    }
    return decisions;
  }

  /** The last that was decided by comparing models. */
  Optional<Decision> lastCompared() {
    List<Decision> compared =
        decisions().stream().filter(d -> d.outcome() != Decision.Outcome.ABANDONED).toList();
    return compared.isEmpty() ? Optional.empty() : Optional.of(compared.get(compared.size() - 1));
  }

  /** A plan whose decision an earlier start did not come to. */
  Optional<RetrainPlan> open() {
    int last = NumberedEntries.last(numbers());
    return last == 0 || decision(last).isPresent() ? Optional.empty() : plan(last);
  }

  /** The number of the next decision. A folder in which no plan came to be is used again. */
  int next() {
    int last = NumberedEntries.last(numbers());
    return last > 0 && plan(last).isEmpty() ? last : last + 1;
  }

  /**
   * @throws BellowsException (infrastructure) when another start has begun this decision
   */
  void begin(RetrainPlan plan, Fence fence) {
    // A request that was sent again after a lost answer finds its own plan.
    if (!fence.create(file(plan.decision(), PLAN), Json.pretty(plan))
        && !plan(plan.decision()).equals(Optional.of(plan))) {
      throw BellowsException.infrastructure(
          "decision %d in %s was begun by another start at this moment; try again later"
              .formatted(plan.decision(), folder));
    }
  }

  /**
   * Puts the decision there, once.
   *
   * @return the existing entry: another start may have been first
   */
  Decision finish(Decision decision, String report, Fence fence) {
    fence.replace(file(decision.decision(), REPORT), report.getBytes(StandardCharsets.UTF_8));
    Path file = file(decision.decision(), DECISION);
    return fence.create(file, Json.pretty(decision))
        ? decision
        : decision(decision.decision()).orElseThrow();
  }

  /** decision.json of a decision. */
  public byte[] decisionJson(int decision) {
    return NumberedEntries.read(hadoop, file(decision, DECISION));
  }

  /** report.html of a decision. */
  public byte[] report(int decision) {
    return NumberedEntries.read(hadoop, file(decision, REPORT));
  }

  private List<Integer> numbers() {
    return NumberedEntries.list(hadoop, folder, "");
  }

  private Optional<Decision> decision(int number) {
    Optional<Decision> decision = read(number, DECISION, Decision.class);
    decision.ifPresent(
        found -> Decision.FORMAT.require(file(number, DECISION), found.formatVersion()));
    return decision;
  }

  private Optional<RetrainPlan> plan(int number) {
    Optional<RetrainPlan> plan = read(number, PLAN, RetrainPlan.class);
    plan.ifPresent(found -> RetrainPlan.FORMAT.require(file(number, PLAN), found.formatVersion()));
    return plan;
  }

  private <T> Optional<T> read(int number, String name, Class<T> type) {
    Path file = file(number, name);
    try {
      return Storage.fileSystem(hadoop, file).exists(file)
          ? Optional.of(Json.read(NumberedEntries.read(hadoop, file), type, file))
          : Optional.empty();
    } catch (IOException e) {
      throw Storage.failure("reading " + file, e);
    }
  }

  private Path file(int number, String name) {
    return new Path(new Path(folder, Integer.toString(number)), name);
  }
}
