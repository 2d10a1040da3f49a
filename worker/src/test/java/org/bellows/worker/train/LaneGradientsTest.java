// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.collective.SingleRankCommunicator;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.ShardedVector;
import org.bellows.worker.engine.OwnMemoryEngine;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.engine.onednn.OneDnnEngineProvider;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.parallel.LaneThreads;
import org.bellows.worker.parallel.VectorParts;
import org.bellows.worker.train.update.ParameterNorms;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Six lanes of 2: the tree's nodes are the first four and the last two of them. */
@Tag("instructions")
class LaneGradientsTest {
  private static final List<Node> NODES = List.of(new Node(0, 4), new Node(4, 6));

  @TempDir static Path shared;

  private static DatasetManifest manifest;

  @BeforeAll
  static void writeDataset() throws IOException {
    manifest = TinyDataset.write(shared, 62, 20);
  }

  /** The first batch of the step after the one that is computed. */
  private LaneBatch after;

  private Map<Node, StepVector> compute(StepEngineProvider engine, boolean rounds) {
    TrainingPlan plan =
        new TrainingPlan(
            Runs.settings(
                shared,
                shared.resolve("runs"),
                List.of("model.name=lenet5", "train.global-batch=12", "train.lane-batch=2")),
            manifest);
    int lanes = plan.settings().train().lanes();
    try (LaneNetwork network =
            new LaneNetwork(plan.network(), plan.input(), plan.classes().size(), 1, engine);
        TrainableNetworks learners =
            new TrainableNetworks(plan, network, 0, 1, VectorParts.ONE, Optional.empty());
        LaneThreads threads = new LaneThreads(1);
        BatchFeed feed = new BatchFeed(plan, new Configuration(), new IndexRange(0, lanes))) {
      int length = StepVector.length(network.layout().length());
      ShardedVector sharded =
          new ShardedVector(
              new SingleRankCommunicator(),
              length,
              lanes,
              ParameterNorms.BLOCK_FLOATS,
              rounds ? List.of(new IndexRange(0, length - 1)) : List.of());
      TargetTransform targets =
          new TargetTransform(plan.settings().loss(), List.of(), List.of(), null, Optional.empty());
      LaneGradients gradients = new LaneGradients(learners, targets, sharded, threads, threads, 1);
      TrainingBatches feeding = feed.from(0, 2, Optional.empty());
      Queue<LaneBatch> batches = new ArrayDeque<>();
      for (int lane = 0; lane < lanes; lane++) {
        batches.add(feeding.next());
      }
      after = feeding.next();
      Map<Node, StepVector> sums =
          gradients.compute(
              0,
              NODES,
              new StepBatches(batches::remove, () -> Optional.of(after)),
              sharded.stream("step 0"));
      assertThat(gradients.canBeSummed()).isTrue();
      assertThat(sums).containsOnlyKeys(NODES);
      return sums;
    }
  }

  /** Only a node's sum crosses over, not each lane's gradient. */
  @Test
  void anEngineMayKeepTheSumsInItsOwnMemory() {
    OwnMemoryEngine.Provider own = new OwnMemoryEngine.Provider();
    Map<Node, StepVector> expected = compute(new OneDnnEngineProvider(), false);
    Map<Node, StepVector> actual = compute(own, false);
    for (Node node : NODES) {
      assertThat(expected.get(node).loss()).isPositive();
      assertThat(actual.get(node).floats())
          .as("the same bits of %s", node)
          .containsExactly(expected.get(node).floats());
    }
    assertThat(own.engine().taken()).isEqualTo(NODES.size());
    // The device computes on while the next lane's pictures are on their way.
    assertThat(own.engine().madeBeforeAnswers()).isEqualTo(6);
    // So it does while those of the next step's first lane are, before the last sum is waited for.
    assertThat(own.engine().expected())
        .containsExactly(new OwnMemoryEngine.Expected(after.pixels(), 6, 1));
    assertThat(own.engine().held()).isZero();
  }

  /** What is rounded on the way is added where it can be rounded. */
  @Test
  void whatIsRoundedIsAddedInJavasMemory() {
    OwnMemoryEngine.Provider own = new OwnMemoryEngine.Provider();
    Map<Node, StepVector> plain = compute(new OneDnnEngineProvider(), false);
    Map<Node, StepVector> expected = compute(new OneDnnEngineProvider(), true);
    Map<Node, StepVector> actual = compute(own, true);
    for (Node node : NODES) {
      assertThat(actual.get(node).floats()).containsExactly(expected.get(node).floats());
      assertThat(expected.get(node).floats()).isNotEqualTo(plain.get(node).floats());
      assertThat(expected.get(node).loss()).isEqualTo(plain.get(node).loss());
    }
    assertThat(own.engine().taken()).isEqualTo(6);
    assertThat(own.engine().expected())
        .containsExactly(new OwnMemoryEngine.Expected(after.pixels(), 6, 5));
    assertThat(own.engine().held()).isZero();
  }
}
