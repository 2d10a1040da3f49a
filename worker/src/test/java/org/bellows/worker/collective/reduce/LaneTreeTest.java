// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.junit.jupiter.api.Test;

class LaneTreeTest {

  /** ((0 1) (2 3)) (4) by hand. */
  @Test
  void addsInTheOrderOfTheTree() {
    String order =
        LaneTree.sum(
            LaneTree.root(5),
            node -> node.to() - node.from() == 1 ? Integer.toString(node.from()) : null,
            (left, right) -> "(" + left + " " + right + ")");
    assertThat(order).isEqualTo("(((0 1) (2 3)) 4)");
  }

  @Test
  void coversAShareWithTheFewestNodes() {
    assertThat(LaneTree.cover(8, 0, 3)).containsExactly(new Node(0, 2), new Node(2, 3));
    assertThat(LaneTree.cover(8, 3, 6)).containsExactly(new Node(3, 4), new Node(4, 6));
    assertThat(LaneTree.cover(8, 0, 8)).containsExactly(new Node(0, 8));
  }

  /** The claim that everything else rests on: whoever adds what, the bits are the same. */
  @Test
  void givesTheSameBitsForEveryNumberOfWorkers() {
    SplittableRandom random = new SplittableRandom(4);
    for (int lanes = 1; lanes <= 40; lanes++) {
      float[] values = new float[lanes];
      for (int lane = 0; lane < lanes; lane++) {
        values[lane] = (float) (random.nextDouble() * Math.pow(10, random.nextInt(8)));
      }
      float alone = sum(LaneTree.root(lanes), leaves(values));
      for (int workers = 2; workers <= lanes; workers++) {
        Map<Node, Float> partial = new HashMap<>();
        for (int rank = 0; rank < workers; rank++) {
          EvenPartition.IndexRange range = EvenPartition.of(lanes, rank, workers);
          for (Node node : LaneTree.cover(lanes, range.from(), range.to())) {
            partial.put(node, sum(node, leaves(values)));
          }
        }
        assertThat(sum(LaneTree.root(lanes), partial)).isEqualTo(alone);
      }
    }
  }

  @Test
  void saysWhichLaneIsMissing() {
    Map<Node, Float> partial = Map.of(new Node(0, 1), 1f);
    assertThatThrownBy(() -> sum(LaneTree.root(2), partial))
        .hasMessage("nothing is known of lane 1");
  }

  @Test
  void sharesAreEvenAndComplete() {
    for (int ranks = 1; ranks <= 9; ranks++) {
      List<Integer> lengths = new ArrayList<>();
      int end = 0;
      for (int rank = 0; rank < ranks; rank++) {
        EvenPartition.IndexRange range = EvenPartition.of(17, rank, ranks);
        assertThat(range.from()).isEqualTo(end);
        end = range.to();
        lengths.add(range.length());
      }
      assertThat(end).isEqualTo(17);
      assertThat(lengths)
          .allMatch(length -> length == 17 / lengths.size() || length == 17 / lengths.size() + 1);
    }
  }

  private static Map<Node, Float> leaves(float[] values) {
    Map<Node, Float> leaves = new HashMap<>();
    for (int lane = 0; lane < values.length; lane++) {
      leaves.put(new Node(lane, lane + 1), values[lane]);
    }
    return leaves;
  }

  private static float sum(Node node, Map<Node, Float> known) {
    return LaneTree.sum(node, known::get, Float::sum);
  }
}
