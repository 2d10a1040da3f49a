// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bellows.data.decode.image.ImageHeader;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.RasterImage;

/**
 * Decodes mutants in a process of its own, for one of them could end it. Arguments: folder for what
 * it writes, seed, number of the first mutant, how many, folders with more files. A mutant is a
 * function of seed, number and files: to see one again, run with its number and a count of 1.
 *
 * <p>Each mutant is either refused, or decoded to the size of its header without a grey lower half;
 * one that is a beginning of its source is refused, or not a pixel differs. {@code current.bin} is
 * the mutant in work: whatever becomes of this process, it is there.
 */
final class Fuzzer {
  private static final int MOST_BYTES = 1 << 22;
  private static final long MOST_SECONDS_EACH = 10;
  private static final int HUNG = 3;

  private final ImageDecoder decoder = new ImageDecoder(4_000_000);
  private final List<byte[]> sources;
  private final byte[][] pictures;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final MappedByteBuffer current;
  private long worstNanos;
  private long worst;

  private Fuzzer(Path folder, List<byte[]> sources) throws IOException {
    this.sources = sources;
    this.pictures = new byte[sources.size()][];
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("current.bin").toFile(), "rw")) {
      // Written by the system even when this process crashes.
      this.current = file.getChannel().map(MapMode.READ_WRITE, 0, MOST_BYTES);
    }
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    long seed = Long.parseLong(arguments[1]);
    long first = Long.parseLong(arguments[2]);
    long count = Long.parseLong(arguments[3]);
    List<Path> more = Arrays.stream(arguments).skip(4).map(Path::of).toList();
    Fuzzer fuzzer = new Fuzzer(folder, FuzzCorpus.files(more));
    AtomicLong number = new AtomicLong(first);
    watch(number, first + count);
    long start = System.nanoTime();
    Mutator mutator = new Mutator(fuzzer.sources);
    for (; number.get() < first + count; number.incrementAndGet()) {
      SplittableRandom random = new SplittableRandom(seed ^ number.get() * 0x9E3779B97F4A7C15L);
      fuzzer.run(number.get(), mutator.mutant(random));
    }
    List<String> table = fuzzer.table(count, System.nanoTime() - start);
    table.forEach(System.out::println);
    Files.write(folder.resolve("outcomes.txt"), table);
  }

  /** Ends the process when one mutant takes too long. */
  private static void watch(AtomicLong number, long end) {
    Thread watch =
        new Thread(
            () -> {
              long last = -1;
              while (last < end && last != number.get()) {
                last = number.get();
                try {
                  Thread.sleep(MOST_SECONDS_EACH * 1000);
                } catch (InterruptedException e) {
                  return;
                }
              }
              System.out.println("mutant " + last + " hangs");
              Runtime.getRuntime().halt(HUNG);
            });
    watch.setDaemon(true);
    watch.start();
  }

  private void run(long number, Mutator.Mutant mutant) {
    byte[] bytes = mutant.bytes();
    current.putInt(0, bytes.length);
    current.putLong(4, number);
    current.put(12, bytes);
    long start = System.nanoTime();
    String outcome;
    try {
      ImageHeader header = decoder.inspect(bytes);
      RasterImage pixels = decoder.decode(bytes);
      check(mutant, header, pixels);
      outcome = mutant.isCutOnly() ? "decoded, nothing lost" : "decoded";
    } catch (ImageRefusedException e) {
      outcome = "refused: " + e.reason();
      if (e.reason() == Reason.DECODE_FAILED) {
        System.out.println("mutant " + number + " (" + mutant.kind() + ") " + e.getMessage());
      }
    } catch (RuntimeException | Error e) {
      throw new IllegalStateException("mutant %d (%s)".formatted(number, mutant.kind()), e);
    }
    long nanos = System.nanoTime() - start;
    if (nanos > worstNanos) {
      worstNanos = nanos;
      worst = number;
    }
    outcomes.merge(outcome, 1, Integer::sum);
  }

  private void check(Mutator.Mutant mutant, ImageHeader header, RasterImage pixels) {
    if (pixels.height() != header.height() || pixels.width() != header.width()) {
      throw new IllegalStateException(
          "decoded to %d x %d, its header says %d x %d"
              .formatted(pixels.height(), pixels.width(), header.height(), header.width()));
    }
    byte[] values = pixels.interleaved();
    int half = values.length / 2;
    if (isGrey(values, half, values.length) && !isGrey(values, 0, half)) {
      throw new IllegalStateException("decoded half-grey");
    }
    if (mutant.isCutOnly() && !Arrays.equals(values, picture(mutant.source()))) {
      throw new IllegalStateException("decoded to something else though only its end is cut off");
    }
  }

  private byte[] picture(int source) {
    if (pictures[source] == null) {
      pictures[source] = decoder.decode(sources.get(source)).interleaved();
    }
    return pictures[source];
  }

  private static boolean isGrey(byte[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      if (values[i] != (byte) 128) {
        return false;
      }
    }
    return from < to;
  }

  private List<String> table(long count, long nanos) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d mutants of %d files in %.1f s; the longest, number %d, took %.1f ms"
            .formatted(count, sources.size(), nanos / 1e9, worst, worstNanos / 1e6));
    outcomes.forEach((outcome, times) -> lines.add("%8d  %s".formatted(times, outcome)));
    return lines;
  }
}
