// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bellows.conf.BellowsException;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.ImageHeader;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;

/** Encoded pictures in memory, so that what is measured is decoding and not reading. */
public final class BenchmarkSamples {
  private static final int CHANNELS = 3;

  private BenchmarkSamples() {}

  /**
   * The first pictures below a local folder, in the order of their paths.
   *
   * @throws BellowsException (data) when there are none
   */
  public static List<EncodedSample> ofFolder(Path folder, int limit) {
    ImageDecoder decoder = new ImageDecoder(ImageDecoder.MOST_PIXELS);
    List<EncodedSample> samples = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (samples.size() < limit) {
          add(file, decoder, samples);
        }
      }
    } catch (IOException e) {
      throw BellowsException.data("cannot read the images below " + folder + ": " + e, e);
    }
    if (samples.isEmpty()) {
      throw BellowsException.data("there is no JPEG or PNG file below " + folder);
    }
    return samples;
  }

  /** The first encoded samples of a split. */
  public static List<EncodedSample> ofDataset(DatasetReader dataset, int limit) {
    List<EncodedSample> samples = new ArrayList<>();
    try (BlockReader blocks = dataset.openBlocks()) {
      for (int block = 0; block < dataset.blocks() && samples.size() < limit; block++) {
        for (EncodedSample sample : dataset.read(blocks, block)) {
          if (samples.size() < limit && sample.encoding() != Encoding.RAW8) {
            samples.add(sample);
          }
        }
      }
    }
    if (samples.isEmpty()) {
      throw BellowsException.data(
          "split %s holds raw pixels only; there is nothing to decode"
              .formatted(dataset.split().name()));
    }
    return samples;
  }

  private static void add(Path file, ImageDecoder decoder, List<EncodedSample> samples)
      throws IOException {
    byte[] image = Files.readAllBytes(file);
    try {
      ImageHeader header = decoder.inspect(image);
      samples.add(
          new EncodedSample(
              samples.size(),
              0,
              header.encoding(),
              header.height(),
              header.width(),
              CHANNELS,
              file.toString(),
              image));
    } catch (ImageRefusedException e) {
      // Other files may be beside the pictures: lists, licences. They are reported, and skipped.
      System.err.println(file + " " + e.getMessage());
    }
  }
}
