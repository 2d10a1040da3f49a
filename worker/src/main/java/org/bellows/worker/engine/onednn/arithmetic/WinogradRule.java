// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.arithmetic;

import java.util.Arrays;

/**
 * Which convolutions are computed by Winograd's algorithm F(4x4, 3x3) (Lavin and Gray, "Fast
 * Algorithms for Convolutional Neural Networks", 2016): those that oneDNN has it for and that are
 * faster by it.
 */
public final class WinogradRule {
  private static final long[] KERNEL = {3, 3};
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};

  /** oneDNN's code is for whole registers of AVX-512. */
  private static final long CHANNELS = 16;

  /** Pixels of an output's tile, each way. */
  private static final long TILE = 4;

  /**
   * With fewer tiles the transforms of the weights, which each primitive makes anew, take longer
   * than what they save: of 512 channels 8 tiles took twice as long as direct, 32 as long.
   */
  private static final long FEWEST_TILES = 32;

  /**
   * In inference weights are transformed once, whatever the number of passes. The rule then looks
   * at a picture alone, as its answer must not depend on those that it is shown with.
   */
  private static final long FEWEST_TILES_OF_A_PICTURE = 4;

  private WinogradRule() {}

  /**
   * Whether the algorithm suits a convolution that trains.
   *
   * @param input its shape [n, channels, height, width]
   * @param output its shape [n, maps, height, width]
   * @param weights their shape [maps, channels, height, width]; depthwise ones have five sides
   * @param stride height, width
   * @param gaps between the kernel's pixels, height, width
   */
  public static boolean suitsTraining(
      long[] input, long[] output, long[] weights, long[] stride, long[] gaps) {
    return suits(input, output, weights, stride, gaps)
        && output[0] * tilesOfAPicture(output) >= FEWEST_TILES;
  }

  /** As above, of a convolution in inference. */
  public static boolean suitsInference(
      long[] input, long[] output, long[] weights, long[] stride, long[] gaps) {
    return suits(input, output, weights, stride, gaps)
        && tilesOfAPicture(output) >= FEWEST_TILES_OF_A_PICTURE;
  }

  private static boolean suits(
      long[] input, long[] output, long[] weights, long[] stride, long[] gaps) {
    return weights.length == 4
        && Arrays.equals(Arrays.copyOfRange(weights, 2, 4), KERNEL)
        && Arrays.equals(stride, ONE)
        && Arrays.equals(gaps, NONE)
        && input[1] % CHANNELS == 0
        && output[1] % CHANNELS == 0
        && isPaddedByOneAtMost(input, output);
  }

  /** By a window of three, padding of one a side keeps the side. */
  private static boolean isPaddedByOneAtMost(long[] input, long[] output) {
    return output[2] <= input[2] && output[3] <= input[3];
  }

  private static long tilesOfAPicture(long[] output) {
    return tiles(output[2]) * tiles(output[3]);
  }

  private static long tiles(long side) {
    return (side + TILE - 1) / TILE;
  }
}
