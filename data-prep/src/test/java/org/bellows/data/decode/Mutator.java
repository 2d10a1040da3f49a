// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Damages files, each time by the random numbers alone. */
final class Mutator {
  private static final int PNG_SIGNATURE_BYTES = 8;

  /** Files above this size are taken more rarely, for they take longer. */
  private static final int LARGE_BYTES = 20_000;

  private static final List<String> KINDS =
      List.of(
          "flipped bits",
          "flipped header bits",
          "overwritten",
          "removed",
          "zeroed tail",
          "spliced",
          "repeated",
          "inserted segment",
          "changed length");

  private final List<byte[]> sources;

  /**
   * @param source it was made from
   * @param isCutOnly the source's beginning, and nothing else
   */
  record Mutant(int source, String kind, boolean isCutOnly, byte[] bytes) {}

  Mutator(List<byte[]> sources) {
    this.sources = sources;
  }

  Mutant mutant(SplittableRandom random) {
    int source = source(random);
    byte[] file = sources.get(source);
    if (random.nextInt(8) == 0) {
      byte[] cut = Arrays.copyOf(file, random.nextInt(file.length));
      return new Mutant(source, "cut off", true, cut);
    }
    String kind = "";
    byte[] changed = file;
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      kind = KINDS.get(random.nextInt(KINDS.size()));
      changed = apply(kind, changed, random);
    }
    if (random.nextInt(4) > 0) {
      repairChecksums(changed);
    }
    return new Mutant(source, kind, false, changed);
  }

  private int source(SplittableRandom random) {
    int source = random.nextInt(sources.size());
    boolean isTaken = sources.get(source).length < LARGE_BYTES || random.nextInt(8) == 0;
    return isTaken ? source : source(random);
  }

  private byte[] apply(String kind, byte[] file, SplittableRandom random) {
    if (file.length < 4) {
      return file;
    }
    int at = random.nextInt(file.length);
    int length = 1 + random.nextInt(Math.min(64, file.length));
    return switch (kind) {
      case "flipped bits" -> flipped(file, file.length, random);
      case "flipped header bits" -> flipped(file, Math.min(700, file.length), random);
      case "overwritten" -> {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        yield replaced(file, at, Math.min(file.length, at + length), noise);
      }
      case "removed" -> replaced(file, at, Math.min(file.length, at + length), new byte[0]);
      case "zeroed tail" -> replaced(file, at, file.length, new byte[file.length - at]);
      case "spliced" -> {
        byte[] other = sources.get(random.nextInt(sources.size()));
        byte[] tail = Arrays.copyOfRange(other, random.nextInt(other.length), other.length);
        yield replaced(file, at, file.length, tail);
      }
      case "repeated" ->
          replaced(file, at, at, Arrays.copyOfRange(file, at, Math.min(file.length, at + length)));
      case "inserted segment" -> {
        int marker = nextMarker(file, at);
        byte[] segment = new byte[length + 4];
        random.nextBytes(segment);
        segment[0] = (byte) 0xFF;
        segment[1] = (byte) (0xC0 + random.nextInt(64));
        segment[2] = 0;
        segment[3] = (byte) (length + 2);
        yield replaced(file, marker, marker, segment);
      }
      default -> {
        int marker = nextMarker(file, at);
        byte[] changed = file.clone();
        int place = Math.min(marker + 2 + random.nextInt(2), file.length - 1);
        changed[place] += (byte) (random.nextBoolean() ? 1 + random.nextInt(8) : -1);
        yield changed;
      }
    };
  }

  private static byte[] flipped(byte[] file, int end, SplittableRandom random) {
    byte[] changed = file.clone();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      changed[random.nextInt(end)] ^= (byte) (1 << random.nextInt(8));
    }
    return changed;
  }

  private static byte[] replaced(byte[] file, int from, int to, byte[] by) {
    byte[] changed = new byte[from + by.length + file.length - to];
    System.arraycopy(file, 0, changed, 0, from);
    System.arraycopy(by, 0, changed, from, by.length);
    System.arraycopy(file, to, changed, from + by.length, file.length - to);
    return changed;
  }

  private static int nextMarker(byte[] file, int from) {
    int at = from;
    while (at > 0 && (file[at] != (byte) 0xFF || (at + 1 < file.length && file[at + 1] == 0))) {
      at--;
    }
    return at;
  }

  /** Of a PNG's chunks as far as they can be followed, so that more than their CRC is tested. */
  private static void repairChecksums(byte[] file) {
    if (file.length < PNG_SIGNATURE_BYTES || file[0] != (byte) 0x89) {
      return;
    }
    ByteBuffer buffer = ByteBuffer.wrap(file);
    int at = PNG_SIGNATURE_BYTES;
    CRC32 crc = new CRC32();
    while (at + 12 <= file.length) {
      int length = buffer.getInt(at);
      if (length < 0 || length > file.length - at - 12) {
        return;
      }
      crc.reset();
      crc.update(file, at + 4, length + 4);
      buffer.putInt(at + 8 + length, (int) crc.getValue());
      at += length + 12;
    }
  }
}
