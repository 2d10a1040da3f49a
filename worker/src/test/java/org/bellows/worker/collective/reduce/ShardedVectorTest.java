// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bellows.worker.Ranks;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.Hosts;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.OwnedParts.OwnedPart;
import org.junit.jupiter.api.Test;

class ShardedVectorTest {
  private static final int LENGTH = 1003;
  private static final int LANES = 7;

  /** All but a part in the middle and the end. */
  private static final List<IndexRange> MOST =
      List.of(new IndexRange(0, 70), new IndexRange(90, 1000));

  @Test
  void sumsAndNewValuesAreTheSameBitsOnAnyNumberOfRanks() {
    for (List<IndexRange> rounded :
        List.of(List.<IndexRange>of(), List.of(new IndexRange(0, LENGTH)), MOST)) {
      float[] alone = Ranks.run(1, communicator -> update(communicator, rounded)).get(0);
      assertThat(alone).doesNotContain(0f);
      for (int size = 2; size <= LANES; size++) {
        for (float[] ofRank : Ranks.run(size, communicator -> update(communicator, rounded))) {
          assertThat(ofRank).isEqualTo(alone);
        }
      }
    }
  }

  /** Hosts whose lanes are a branch of the lane tree, and hosts whose lanes are not. */
  private static final List<List<Integer>> HOSTS =
      List.of(
          List.of(2, 2),
          List.of(1, 3),
          List.of(3, 1, 2),
          List.of(1, 1, 4),
          List.of(3, 4),
          List.of(1, 1, 1),
          List.of(2, 2, 2, 1));

  @Test
  void sumsAndNewValuesAreTheSameBitsOnAnyHosts() {
    for (List<IndexRange> rounded :
        List.of(List.<IndexRange>of(), List.of(new IndexRange(0, LENGTH)), MOST)) {
      float[] alone = Ranks.run(1, communicator -> update(communicator, rounded)).get(0);
      for (List<Integer> ofHosts : HOSTS) {
        for (float[] ofRank :
            Ranks.onHosts(ofHosts, communicator -> update(communicator, rounded))) {
          assertThat(ofRank).as("hosts of %s", ofHosts).isEqualTo(alone);
        }
      }
    }
  }

  @Test
  void theAnswerToAQuestionIsTheSameOnAllHosts() {
    for (List<Integer> ofHosts : HOSTS) {
      int ranks = ofHosts.stream().mapToInt(Integer::intValue).sum();
      for (int one = 0; one <= ranks; one++) {
        int says = one;
        List<List<Boolean>> heard =
            Ranks.onHosts(
                ofHosts,
                communicator -> {
                  ShardedVector asked = new ShardedVector(communicator, LENGTH, LANES, 64);
                  int rank = communicator.rank();
                  ShardedVector.Summed sum =
                      asked.reduceScatter(
                          "step", sums(communicator, asked), rank != says, rank == says);
                  return List.of(sum.all(), sum.isLeft());
                });
        assertThat(heard)
            .as("rank %d of hosts of %s", says, ofHosts)
            .hasSize(ranks)
            .containsOnly(List.of(says == ranks, says < ranks));
      }
    }
  }

  /** Two sums and two slices leave a host of three ranks, not twice as many for each of them. */
  @Test
  void aHostSendsEachSumToOtherHostsOnce() {
    Sharding sharding = new Sharding(64 * 12, 6, 6, 64, List.of());
    Hosts hosts = Hosts.of(6, 3);
    long sums = 0;
    long slices = 0;
    for (int rank = 0; rank < 3; rank++) {
      sums += SentFloats.ofSums(sharding, hosts, rank).elsewhere();
      slices += SentFloats.ofSlices(sharding, hosts, rank).elsewhere();
    }
    // Lanes 0 to 2 are two nodes: 0 with 1, and 2.
    assertThat(sums).isEqualTo(2 * 64 * 6);
    assertThat(slices).isEqualTo(64 * 6);
  }

  private static float[] update(Communicator communicator, List<IndexRange> rounded) {
    return update(communicator, new ShardedVector(communicator, LENGTH, LANES, 64, rounded));
  }

  /** Reduce-scatter, "update" of what is owned, all-gather. */
  private static float[] update(Communicator communicator, ShardedVector sharded) {
    float[] vector = new float[LENGTH];
    for (int step = 0; step < 3; step++) {
      float[] owned = sum(communicator, sharded);
      for (OwnedPart part : sharded.owned().parts()) {
        for (int i = part.from(); i < part.to(); i++) {
          vector[i] += owned[i - part.shift()];
        }
      }
      sharded.allGatherRoundedInPlace("step", vector);
    }
    return vector;
  }

  /** Whoever owns an element; some buckets have fewer blocks than there are ranks. */
  @Test
  void sumsAndNewValuesAreTheSameBitsInAnyNumberOfBuckets() {
    for (List<IndexRange> rounded : List.of(List.<IndexRange>of(), MOST)) {
      float[] alone = Ranks.run(1, communicator -> update(communicator, rounded)).get(0);
      for (int buckets : new int[] {2, 5, 16}) {
        for (List<Integer> ofHosts :
            List.of(List.of(1), List.of(3), List.of(1, 2), List.of(2, 2))) {
          for (float[] ofRank :
              Ranks.onHosts(
                  ofHosts,
                  communicator ->
                      update(communicator, inBuckets(communicator, rounded, buckets)))) {
            assertThat(ofRank).as("%d buckets, hosts of %s", buckets, ofHosts).isEqualTo(alone);
          }
        }
      }
    }
  }

  private static ShardedVector inBuckets(
      Communicator communicator, List<IndexRange> rounded, int buckets) {
    Sharding whole = new Sharding(LENGTH, LANES, communicator.size(), 64, rounded);
    return new ShardedVector(communicator, whole.inBuckets(buckets));
  }

  /** One that says no among any number, and none. */
  @Test
  void aQuestionRidesOnTheSums() {
    for (List<IndexRange> rounded : List.of(List.<IndexRange>of(), MOST)) {
      for (int ranks = 1; ranks <= 4; ranks++) {
        for (int no = 0; no <= ranks; no++) {
          int says = no;
          boolean expected = no == ranks;
          List<Boolean> heard =
              Ranks.run(
                  ranks,
                  communicator -> {
                    ShardedVector asked =
                        new ShardedVector(communicator, LENGTH, LANES, 64, rounded);
                    Map<Node, float[]> sums = sums(communicator, asked);
                    ShardedVector.Summed sum =
                        asked.reduceScatter(
                            "step",
                            sums,
                            communicator.rank() != says,
                            communicator.rank() == says - 1);
                    float[] plain =
                        sum(
                            communicator,
                            new ShardedVector(communicator, LENGTH, LANES, 64, rounded));
                    assertThat(sum.owned()).isEqualTo(plain);
                    assertThat(sum.isLeft()).isEqualTo(says > 0);
                    return sum.all();
                  });
          assertThat(heard).containsOnly(expected);
        }
      }
    }
  }

  private static float[] sum(Communicator communicator, ShardedVector sharded) {
    return sharded.reduceScatter("step", sums(communicator, sharded));
  }

  private static Map<Node, float[]> sums(Communicator communicator, ShardedVector sharded) {
    Map<Node, float[]> sums = new LinkedHashMap<>();
    for (Node node : sharded.nodes(communicator.rank())) {
      sums.put(node, LaneTree.sum(node, ShardedVectorTest::leaf, sharded::addInPlace));
    }
    return sums;
  }

  /**
   * A lane's number is rounded once a level of the tree below the root, of which 7 lanes have 3: to
   * 2^-11 of itself, or 2^-39 of the largest of its block (here below 10^6, sums below 10^7).
   */
  @Test
  void roundedSumsAreWithinTheirBoundAndTheRestIsExact() {
    float[] sum =
        Ranks.run(
                1,
                communicator ->
                    sum(communicator, new ShardedVector(communicator, LENGTH, LANES, 64, MOST)))
            .get(0);
    float[] plain =
        Ranks.run(
                1,
                communicator ->
                    sum(communicator, new ShardedVector(communicator, LENGTH, LANES, 64)))
            .get(0);
    int differing = 0;
    for (int i = 0; i < LENGTH; i++) {
      double exact = 0;
      double magnitude = 0;
      for (int lane = 0; lane < LANES; lane++) {
        float value = leaf(new Node(lane, lane + 1))[i];
        exact += value;
        magnitude += Math.abs(value);
      }
      double bound = 3.01 * 0x1p-11 * magnitude + 2 * LANES * 0x1p-39 * 1e7;
      assertThat((double) sum[i]).isCloseTo(exact, within(bound));
      if ((i >= 70 && i < 90) || i >= 1000) {
        assertThat(sum[i]).isEqualTo(plain[i]);
      } else if (sum[i] != plain[i]) {
        differing++;
      }
    }
    assertThat(differing).isGreaterThan(900);
  }

  private static float[] leaf(Node node) {
    if (node.to() - node.from() > 1) {
      return null;
    }
    SplittableRandom random = new SplittableRandom(node.from());
    float[] gradient = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      gradient[i] = (float) ((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(6)));
    }
    return gradient;
  }

  @Test
  void rankZeroGathersWholeVectorsFromSlices() {
    List<List<float[]>> gathered =
        Ranks.run(
            3,
            communicator -> {
              Sharding whole = new Sharding(10, 3, 3, 1, List.of());
              ShardedVector sharded = new ShardedVector(communicator, whole.inBuckets(2));
              float[][] slices = new float[2][sharded.owned().length()];
              for (OwnedPart part : sharded.owned().parts()) {
                for (int i = part.from(); i < part.to(); i++) {
                  slices[0][i - part.shift()] = i;
                  slices[1][i - part.shift()] = 100 + i;
                }
              }
              return sharded.gather("state", List.of(slices));
            });
    assertThat(gathered.get(0).get(0)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(gathered.get(0).get(1))
        .containsExactly(100, 101, 102, 103, 104, 105, 106, 107, 108, 109);
    assertThat(gathered.get(1)).isEmpty();
    assertThat(gathered.get(2)).isEmpty();
  }
}
