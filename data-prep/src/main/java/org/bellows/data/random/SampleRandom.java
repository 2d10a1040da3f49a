// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.random;

/** A SplitMix64 stream of random numbers; cheap enough for one instance a sample. Not shared. */
public final class SampleRandom {
  private long state;

  public SampleRandom(long seed) {
    this.state = seed;
  }

  /** The stream that one sample's augmentations are drawn from in one epoch. */
  public static SampleRandom ofAugmentation(long seed, int epoch, long sampleId) {
    long purpose = SplittableSeeds.derive(seed, SplittableSeeds.Purpose.AUGMENTATION);
    return new SampleRandom(
        SplittableSeeds.derive(SplittableSeeds.derive(purpose, epoch), sampleId));
  }

  /**
   * The stream of one of a sample's repeats in an epoch.
   *
   * @param repeat from 0; the first is as without repeats
   */
  public static SampleRandom ofAugmentation(long seed, int epoch, long sampleId, int repeat) {
    SampleRandom first = ofAugmentation(seed, epoch, sampleId);
    return repeat == 0 ? first : new SampleRandom(SplittableSeeds.derive(first.state, repeat));
  }

  /** The stream that one lane batch is mixed from. */
  public static SampleRandom ofMixing(long seed, int epoch, int lane, long step) {
    long purpose = SplittableSeeds.derive(seed, SplittableSeeds.Purpose.MIXING);
    long ofLane = SplittableSeeds.derive(SplittableSeeds.derive(purpose, epoch), lane);
    return new SampleRandom(SplittableSeeds.derive(ofLane, step));
  }

  public long nextLong() {
    state += SplittableSeeds.GOLDEN_GAMMA;
    return SplittableSeeds.mix(state);
  }

  /** Uniform in [0, 1) with 53 bits. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Uniform in [low, high). */
  public double nextDouble(double low, double high) {
    return low + (high - low) * nextDouble();
  }

  /** Standard normal (Marsaglia's polar method; the second of each pair is not used). */
  public double nextGaussian() {
    double x;
    double square;
    do {
      x = 2 * nextDouble() - 1;
      double y = 2 * nextDouble() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    return x * Math.sqrt(-2 * StrictMath.log(square) / square);
  }

  public boolean nextBoolean() {
    return nextLong() < 0;
  }

  /**
   * Uniform in [0, bound) without bias: the incomplete last interval is drawn again.
   *
   * @param bound at least 1
   */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound is " + bound + ", expected at least 1");
    }
    int bits;
    int value;
    do {
      bits = (int) (nextLong() >>> 33);
      value = bits % bound;
    } while (bits - value + (bound - 1) < 0);
    return value;
  }

  /** A uniform permutation of 0 .. size-1 (Fisher-Yates, Durstenfeld's form). */
  public int[] permutation(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
