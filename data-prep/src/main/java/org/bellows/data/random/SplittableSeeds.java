// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.random;

import java.nio.charset.StandardCharsets;

/**
 * Child seeds from a parent seed: {@code derive(derive(seed, purpose), epoch)} and so on.
 *
 * <p>The mixing function is SplitMix64's finaliser (Steele, Lea, Flood: "Fast Splittable
 * Pseudorandom Number Generators", OOPSLA 2014, with Stafford's variant 13 of the constants).
 */
public final class SplittableSeeds {
  static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** The purposes of random numbers, so that two uses of the same (seed, epoch) are unrelated. */
  public enum Purpose {
    BLOCK_ORDER(1),
    WINDOW_ORDER(2),
    AUGMENTATION(3),
    SOURCE_ORDER(4),
    RENDERING(5),
    DROPOUT(6),
    MIXING(7);

    /** Written out rather than ordinal(): a new purpose must not change the numbers of another. */
    private final long number;

    Purpose(long number) {
      this.number = number;
    }
  }

  private SplittableSeeds() {}

  public static long derive(long seed, Purpose purpose) {
    return derive(seed, purpose.number);
  }

  /** The child of {@code seed} with this index; mixed twice so that neighbours are unrelated. */
  public static long derive(long seed, long index) {
    return mix(mix(seed + GOLDEN_GAMMA) + index * GOLDEN_GAMMA);
  }

  /** A child named by a text: a hash of its UTF-8 bytes, eight at a time. */
  public static long derive(long seed, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    long hash = derive(seed, bytes.length);
    for (int from = 0; from < bytes.length; from += Long.BYTES) {
      long word = 0;
      for (int i = from; i < Math.min(from + Long.BYTES, bytes.length); i++) {
        word = word << Byte.SIZE | (bytes[i] & 0xFF);
      }
      hash = derive(hash, word);
    }
    return hash;
  }

  static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
