// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Prints how fast JPEGs are inspected beside how fast OpenCV decodes them, in turns, on one thread.
 * Arguments: a folder, and how many of its files at most.
 */
final class InspectionSpeed {
  private static final int ROUNDS = 11;
  private static final int WARM_UP = 2;

  private InspectionSpeed() {}

  public static void main(String[] arguments) throws IOException {
    List<byte[]> files = new ArrayList<>();
    try (Stream<Path> listed = Files.walk(Path.of(arguments[0]))) {
      for (Path file :
          listed
              .filter(f -> f.toString().endsWith(".jpg"))
              .sorted()
              .limit(Integer.parseInt(arguments[1]))
              .toList()) {
        files.add(Files.readAllBytes(file));
      }
    }
    ImageDecoder decoder = new ImageDecoder(ImageDecoder.MOST_PIXELS);
    double[] inspection = new double[ROUNDS];
    double[] decoding = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      inspection[round] = megabytesPerSecond(files, decoder::inspect);
      decoding[round] = megabytesPerSecond(files, file -> OpenCv.decodeBgr(file, 1));
    }
    System.out.printf(
        "%d files: inspected at %.1f MB/s, decoded by OpenCV at %.1f MB/s (medians of %d)%n",
        files.size(), median(inspection), median(decoding), ROUNDS - WARM_UP);
  }

  private static double megabytesPerSecond(List<byte[]> files, Consumer<byte[]> work) {
    long start = System.nanoTime();
    long bytes = 0;
    for (byte[] file : files) {
      work.accept(file);
      bytes += file.length;
    }
    return bytes * 1e3 / (System.nanoTime() - start);
  }

  private static double median(double[] rounds) {
    double[] sorted = Arrays.copyOfRange(rounds, WARM_UP, ROUNDS);
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
