// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.render;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.encode.JpegEncoder;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.random.SplittableSeeds;
import org.bellows.data.random.SplittableSeeds.Purpose;

/**
 * A tree of very many small JPEGs, train|validation/class-NNN/NNNNNNN.jpg: two-coloured gradients,
 * no two files the same. It is there to load {@code prepare}, not to be learned from.
 */
public final class LargeSyntheticTree {
  private static final int CHANNELS = 3;
  private static final int QUALITY = 90;

  /** One image in ten is for validation. */
  private static final int HELD_OUT_SHARE = 10;

  private LargeSyntheticTree() {}

  /** Arguments: folder, number of files, number of classes, side in pixels. */
  public static void main(String[] args) {
    if (args.length != 4) {
      throw BellowsException.configuration(
          "expected 4 arguments, folder files classes side, not " + args.length);
    }
    write(
        Path.of(args[0]),
        Integer.parseInt(args[1]),
        Integer.parseInt(args[2]),
        Integer.parseInt(args[3]),
        1);
  }

  /**
   * @param folder local; is created, and files of the same names are replaced
   * @param files in all; each class gets about as many
   * @param side height and width in pixels
   * @throws BellowsException (infrastructure) when it cannot be written
   */
  public static void write(Path folder, int files, int classes, int side, long seed) {
    long rendering = SplittableSeeds.derive(seed, Purpose.RENDERING);
    try {
      for (int i = 0; i < files; i++) {
        String split = i / classes % HELD_OUT_SHARE == HELD_OUT_SHARE - 1 ? "validation" : "train";
        Path file = folder.resolve("%s/class-%03d/%07d.jpg".formatted(split, i % classes, i));
        if (i < classes * HELD_OUT_SHARE) {
          Files.createDirectories(file.getParent());
        }
        SampleRandom random = new SampleRandom(SplittableSeeds.derive(rendering, i));
        Files.write(file, JpegEncoder.encode(gradient(side, random), QUALITY));
      }
    } catch (IOException e) {
      throw BellowsException.infrastructure(
          "writing images into " + folder + " failed: " + e.getMessage(), e);
    }
  }

  private static RasterImage gradient(int side, SampleRandom random) {
    int[] from = new int[CHANNELS];
    int[] to = new int[CHANNELS];
    for (int channel = 0; channel < CHANNELS; channel++) {
      from[channel] = random.nextInt(256);
      to[channel] = random.nextInt(256);
    }
    byte[] pixels = new byte[side * side * CHANNELS];
    for (int i = 0; i < pixels.length; i++) {
      int channel = i % CHANNELS;
      int along = i / CHANNELS % side + i / CHANNELS / side;
      pixels[i] = (byte) (from[channel] + (to[channel] - from[channel]) * along / (2 * side));
    }
    return new RasterImage(side, side, CHANNELS, pixels);
  }
}
