// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bellows.data.TestImages;

/** What is damaged: files of our own making, and some from outside where they are at hand. */
final class FuzzCorpus {
  private static final int MOST_BYTES = 400_000;
  private static final int PHOTOGRAPHS = 6;

  private FuzzCorpus() {}

  /**
   * @param folders of more files, of which small ones are taken
   */
  static List<byte[]> files(List<Path> folders) throws IOException {
    List<byte[]> files = new ArrayList<>();
    files.addAll(JpegEncodings.all(19, 37, 1));
    files.addAll(JpegEncodings.all(40, 48, 2));
    files.add(TestImages.jpeg(50, 30));
    files.add(TestImages.progressiveJpeg(50, 30));
    for (int[] kind :
        new int[][] {{0, 1, 0}, {0, 16, 1}, {2, 8, 0}, {4, 8, 1}, {6, 8, 0}, {6, 16, 1}}) {
      files.add(png(kind[0], kind[1], kind[2]));
    }
    files.add(palette());
    for (Path folder : folders) {
      try (Stream<Path> listed = Files.walk(folder)) {
        List<Path> images =
            listed.filter(f -> f.toString().matches(".*\\.jpe?g")).sorted().toList();
        boolean isMany = images.size() > 200;
        for (int i = 0; i < (isMany ? PHOTOGRAPHS : images.size()); i++) {
          byte[] file =
              Files.readAllBytes(images.get(isMany ? i * images.size() / PHOTOGRAPHS : i));
          if (file.length >= 4 && file.length < MOST_BYTES) {
            files.add(file);
          }
        }
      }
    }
    return files;
  }

  private static byte[] png(int colour, int depth, int interlace) {
    int channels = colour == 2 ? 3 : colour == 4 ? 2 : colour == 6 ? 4 : 1;
    int[][][] samples = samples(21, 33, channels, 1 << depth);
    return new TinyPng()
        .header(21, 33, depth, colour, interlace)
        .data(TinyPng.rows(samples, depth, interlace == 1))
        .end();
  }

  private static byte[] palette() {
    byte[] colours = new byte[30];
    new SplittableRandom(3).nextBytes(colours);
    return new TinyPng()
        .header(21, 33, 4, 3, 0)
        .chunk("PLTE", colours)
        .chunk("tRNS", new byte[] {0, 100})
        .data(TinyPng.rows(samples(21, 33, 1, 10), 4, false))
        .end();
  }

  private static int[][][] samples(int height, int width, int channels, int values) {
    SplittableRandom random = new SplittableRandom(values);
    int[][][] samples = new int[height][width][channels];
    for (int[][] row : samples) {
      for (int[] pixel : row) {
        for (int i = 0; i < channels; i++) {
          pixel[i] = random.nextInt(values);
        }
      }
    }
    return samples;
  }
}
