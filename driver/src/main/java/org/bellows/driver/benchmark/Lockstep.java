package org.bellows.driver.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/**
 * What the machine leaves of twice one processor's rate to anybody who takes steps together: pieces
 * of vector arithmetic in the caches, equal and as long as a step, on one executor and on two.
 * After each the faster would wait for the slower, and nothing is exchanged. On a machine that is
 * shared this is less than one. It is a hint, not a bound: other arithmetic suffers differently
 * from the same neighbours.
 */
public final class Lockstep {
  private static final double SECONDS = 5;
  private static final int MIN_PIECES = 20;
  private static final int TRIAL_PIECES = 100;
  private static final long TRIAL_TURNS = 1_000;
  private static final long START_MILLISECONDS = 1000;

  /** Three arrays of 64 KiB. */
  private static final int FLOATS = 1 << 14;

  private final JavaSparkContext spark;
  private final int pieces;
  private final long turns;

  /**
   * @param spark with two executors of one slot each
   * @param stepSeconds how long a piece is to be
   */
  public Lockstep(JavaSparkContext spark, double stepSeconds) {
    this.spark = spark;
    this.pieces = Math.max(MIN_PIECES, (int) (SECONDS / stepSeconds));
    double trial = Median.of(take(1, TRIAL_PIECES, TRIAL_TURNS).get(0));
    this.turns = Math.max(1, Math.round(TRIAL_TURNS * stepSeconds / trial));
  }

  /** Of twice one executor's rate, by the median piece, as steps are counted. */
  public double share() {
    return share(take(1, pieces, turns).get(0), take(2, pieces, turns));
  }

  /**
   * @param alone seconds of each piece
   * @param together likewise, of those who wait for each other
   */
  static double share(double[] alone, List<double[]> together) {
    double[] slower =
        IntStream.range(0, alone.length)
            .mapToDouble(
                piece -> together.stream().mapToDouble(own -> own[piece]).max().orElseThrow())
            .toArray();
    return Median.of(alone) / Median.of(slower);
  }

  /** Seconds of each piece, by executor, begun at the same time. */
  private List<double[]> take(int executors, int count, long turnsOfEach) {
    long start = System.currentTimeMillis() + START_MILLISECONDS;
    return spark
        .parallelize(IntStream.range(0, executors).boxed().toList(), executors)
        .map(new Counting(start, count, turnsOfEach))
        .collect();
  }

  /** One executor's part. */
  private record Counting(long start, int count, long turns)
      implements Function<Integer, double[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public double[] call(Integer executor) throws InterruptedException {
      Thread.sleep(Math.max(0, start - System.currentTimeMillis()));
      double[] seconds = new double[count];
      float[][] arrays = new float[3][FLOATS];
      for (float[] array : arrays) {
        Arrays.fill(array, executor);
      }
      for (int piece = 0; piece < count; piece++) {
        long begin = System.nanoTime();
        for (long turn = 0; turn < turns; turn++) {
          turn(arrays[0], arrays[1], arrays[2]);
        }
        seconds[piece] = (System.nanoTime() - begin) * 1e-9;
      }
      return seconds;
    }

    /** Stays below 2. */
    private static void turn(float[] sum, float[] one, float[] other) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] = 0.5f * sum[i] + one[i] * other[i];
      }
    }
  }
}
