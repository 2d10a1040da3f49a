// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bellows.worker.Ranks;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneTree.Node;

/**
 * What {@code sync.communication-dtype = float16} costs and spares: two ranks on loopback exchange
 * 25.6 million floats (ResNet-50's parameters) with each, in turn; and the processor's time of
 * rounding alone. Prints medians. A main, not a test: figures depend on the machine.
 */
public final class CompressionCost {
  private static final int FLOATS = 25_600_000;
  private static final int ROUNDS = 7;
  private static final IndexRange ALL = new IndexRange(0, FLOATS);

  private CompressionCost() {}

  public static void main(String[] args) {
    rounding();
    double[][] seconds = new double[2][ROUNDS];
    for (double[] both : Ranks.run(2, Duration.ofSeconds(60), CompressionCost::turns).get(0)) {
      for (int wire = 0; wire < 2; wire++) {
        seconds[wire] = shifted(seconds[wire], both[wire]);
      }
    }
    for (int wire = 0; wire < 2; wire++) {
      Arrays.sort(seconds[wire]);
      System.out.printf(
          "%s: median %.3f s an exchange (%.3f to %.3f)%n",
          wire == 0 ? "float32" : "float16",
          seconds[wire][ROUNDS / 2],
          seconds[wire][0],
          seconds[wire][ROUNDS - 1]);
    }
  }

  /** Keeps the last rounds: the first ones warm up the compiler. */
  private static double[] shifted(double[] last, double next) {
    double[] shifted = Arrays.copyOfRange(last, 1, last.length + 1);
    shifted[last.length - 1] = next;
    return shifted;
  }

  private static List<double[]> turns(Communicator communicator) {
    ShardedVector[] wires = {
      new ShardedVector(communicator, FLOATS, 2, 1024),
      new ShardedVector(communicator, FLOATS, 2, 1024, List.of(ALL))
    };
    float[] vector = values();
    Node mine = wires[0].nodes(communicator.rank()).get(0);
    Map<Node, float[]> sums = new LinkedHashMap<>(Map.of(mine, values()));
    List<double[]> all = new ArrayList<>();
    for (int round = 0; round < ROUNDS + 3; round++) {
      double[] seconds = new double[2];
      for (int wire = 0; wire < 2; wire++) {
        wires[wire].all("the start of a round", true);
        long start = System.nanoTime();
        wires[wire].reduceScatter("round " + round, sums);
        wires[wire].allGatherRoundedInPlace("round " + round, vector);
        seconds[wire] = (System.nanoTime() - start) * 1e-9;
      }
      all.add(seconds);
    }
    return all;
  }

  private static void rounding() {
    BlockFloat16Codec blocks = new BlockFloat16Codec(FLOATS, 1024, List.of(ALL));
    float[] values = values();
    float[] packed = new float[blocks.packedLength(ALL)];
    double[][] nanoseconds = new double[3][ROUNDS];
    for (int round = 0; round < ROUNDS + 3; round++) {
      long start = System.nanoTime();
      blocks.pack(ALL, values, 0, packed, 0);
      long middle = System.nanoTime();
      blocks.unpack(ALL, packed, 0, values, 0);
      long end = System.nanoTime();
      blocks.roundInPlace(ALL, values, 0);
      nanoseconds[0] = shifted(nanoseconds[0], (middle - start) / (double) FLOATS);
      nanoseconds[1] = shifted(nanoseconds[1], (end - middle) / (double) FLOATS);
      nanoseconds[2] = shifted(nanoseconds[2], (System.nanoTime() - end) / (double) FLOATS);
    }
    String[] names = {"packing", "unpacking", "rounding in place"};
    for (int i = 0; i < names.length; i++) {
      Arrays.sort(nanoseconds[i]);
      System.out.printf("%s: median %.2f ns a number%n", names[i], nanoseconds[i][ROUNDS / 2]);
    }
  }

  private static float[] values() {
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[FLOATS];
    for (int i = 0; i < FLOATS; i++) {
      values[i] = (float) ((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-6, 0)));
    }
    return values;
  }
}
