package org.bellows.data.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bellows.data.TestData;
import org.bellows.data.decode.ImageRefusedException.Reason;
import org.junit.jupiter.api.Test;

/** Files from the wild: odd, broken and turned. */
class RealImagesTest {
  private final ImageDecoder decoder = new ImageDecoder(100_000_000);

  @Test
  void everyOddFileIsDecodedOrRefused() throws IOException {
    Path folder = TestData.require("jpeg-edge");
    Map<Reason, Integer> refused = new EnumMap<>(Reason.class);
    Map<String, String> outcomes = new TreeMap<>();
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.filter(f -> f.toString().matches(".*\\.jpe?g")).sorted().toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString().substring(0, 3);
      try {
        Pixels pixels = decoder.decode(Files.readAllBytes(file));
        assertThat(pixels.channels()).isEqualTo(3);
        outcomes.put(name, "decoded");
      } catch (ImageRefusedException e) {
        assertThat(e.getMessage()).as(name).isNotBlank();
        refused.merge(e.reason(), 1, Integer::sum);
        outcomes.put(name, e.getMessage());
      }
    }
    System.out.println("jpeg-edge: " + files.size() + " files, refused " + refused);
    Files.write(
        Path.of("target/jpeg-edge.txt"),
        outcomes.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
    // Sound files of the folder: CMYK, grey, MJPEG without Huffman tables, junk between segments,
    // a broken colour profile, one pixel, a PNG named .jpg.
    for (String sound : List.of("044", "055", "086", "095", "090", "098", "102")) {
      assertThat(outcomes.get(sound)).as(sound).isEqualTo("decoded");
    }
    // Zero height, 65535 x 65535, no frame, lossless, cut off.
    for (String broken : List.of("007", "020", "023", "030", "083")) {
      assertThat(outcomes.get(broken)).as(broken).isNotEqualTo("decoded");
    }
  }

  @Test
  void allOrientationsShowTheSamePicture() throws IOException {
    Path folder = TestData.require("exif-orientation");
    for (String shape : List.of("Landscape", "Portrait")) {
      Pixels upright = decoder.decode(Files.readAllBytes(folder.resolve(shape + "_1.jpg")));
      for (int orientation = 2; orientation <= 8; orientation++) {
        byte[] file = Files.readAllBytes(folder.resolve(shape + "_" + orientation + ".jpg"));
        ImageHeader header = decoder.inspect(file);
        Pixels turned = decoder.decode(file);
        assertThat(header.height()).isEqualTo(turned.height()).isEqualTo(upright.height());
        assertThat(header.width()).isEqualTo(turned.width()).isEqualTo(upright.width());
        assertThat(header.orientation()).isEqualTo(Orientation.ofExif(orientation));
        assertThat(meanDifference(upright, turned)).as(shape + " " + orientation).isLessThan(6);
      }
    }
  }

  private static double meanDifference(Pixels a, Pixels b) {
    long sum = 0;
    for (int i = 0; i < a.interleaved().length; i++) {
      sum += Math.abs((a.interleaved()[i] & 0xFF) - (b.interleaved()[i] & 0xFF));
    }
    return (double) sum / a.interleaved().length;
  }
}
