// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bellows.data.TestData;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.junit.jupiter.api.Test;

/**
 * Odd and broken files from the tests of other decoders: what comes of each stands in the resource
 * {@code jpeg-edge-outcomes.tsv}. Writes a table beside what those decoders say to
 * target/jpeg-edge.txt, from which the resource is made again: its first and last column.
 */
class JpegEdgeTest {
  private static final double MOST_DIFFERENCE = 2;

  private final ImageDecoder decoder = new ImageDecoder(100_000_000);

  @Test
  void everyOutcomeIsTheExpectedOne() throws IOException {
    Path folder = TestData.require("jpeg-edge");
    Map<String, String> outcomes = new TreeMap<>();
    List<String> table = new ArrayList<>();
    table.add("file\tPillow\tJDK 17\tJDK 25\tmean difference to ImageIO\tBellows");
    List<String> manifest = Files.readAllLines(folder.resolve("MANIFEST.tsv"));
    for (String line : manifest.subList(1, manifest.size())) {
      String[] columns = line.split("\t", -1);
      byte[] file = Files.readAllBytes(folder.resolve(columns[0]));
      String difference = "";
      String outcome;
      try {
        RasterImage pixels = decoder.decode(file);
        outcome = "decoded %d x %d".formatted(pixels.height(), pixels.width());
        assertThat(greyRowsAtTheEnd(pixels)).as(columns[0]).isLessThan(pixels.height() / 4 + 1);
        OptionalDouble measured = ReferenceDecoder.meanDifference(file, pixels);
        if (measured.isPresent()) {
          assertThat(measured.getAsDouble()).as(columns[0]).isLessThan(MOST_DIFFERENCE);
          difference = "%.2f".formatted(measured.getAsDouble());
        }
      } catch (ImageRefusedException e) {
        outcome = e.reason() + ": " + e.getMessage();
      }
      outcomes.put(columns[0], outcome);
      table.add(
          String.join("\t", columns[0], columns[8], columns[9], columns[10], difference, outcome));
    }
    Files.write(Path.of("target/jpeg-edge.txt"), table);
    long decoded = outcomes.values().stream().filter(o -> o.startsWith("decoded")).count();
    System.out.printf("jpeg-edge: %d files, %d decoded%n", outcomes.size(), decoded);
    assertThat(outcomes).isEqualTo(expected());
  }

  private static Map<String, String> expected() {
    try (InputStream in = JpegEdgeTest.class.getResourceAsStream("jpeg-edge-outcomes.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t", 2))
          .collect(Collectors.toMap(c -> c[0], c -> c[1], (a, b) -> a, TreeMap::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What libjpeg puts where data is missing from the start of a component on. */
  private static int greyRowsAtTheEnd(RasterImage pixels) {
    int rowBytes = pixels.width() * pixels.channels();
    int at = pixels.interleaved().length;
    while (at > 0 && pixels.interleaved()[at - 1] == (byte) 128) {
      at--;
    }
    return (pixels.interleaved().length - at) / rowBytes;
  }
}
