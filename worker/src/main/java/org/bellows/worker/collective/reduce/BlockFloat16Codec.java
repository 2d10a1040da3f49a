// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;

/**
 * A flat vector with parts that travel as {@link Float16} ({@code sync.communication-dtype =
 * float16}), in blocks that are scaled by a power of two each, so that nothing overflows and little
 * becomes subnormal (block floating point: Wilkinson 1963, "Rounding Errors in Algebraic
 * Processes", section 1.4; as loss scaling, Micikevicius et al. 2018, section 3.2, but chosen for
 * each block and step by the values themselves). The largest magnitude of a block comes to [2^14,
 * 2^15); then
 *
 * <pre>
 * |round(x) - x| &lt;= max(2^-11 |x|, 2^-39 largest)
 * </pre>
 *
 * <p>Rounding twice gives what rounding once gives: the scale is that of the largest magnitude
 * after rounding. So it does not matter whether a number was rounded where it was computed, to be
 * sent, or both. A block that holds an infinity or NaN is not scaled, and still holds one
 * afterwards.
 *
 * <p>Packed, a block is one float, the exponent k of its scale 2^k, then pairs of float16: a pair
 * is the float of those 32 bits, the first of the pair in the lower half. No pair is a NaN, whose
 * bits Java need not keep: a float is one when the 8 bits below the sign are all ones, which a
 * float16 in the upper half has only as a NaN other than the one that {@link Float16} makes. Blocks
 * that are not rounded are packed as they are.
 */
final class BlockFloat16Codec {
  private static final int INFINITY_BITS = 0x7F800000;

  /** Biased, of the largest magnitude once scaled. */
  private static final int SCALED_EXPONENT = 127 + 14;

  /** 2^126 and its inverse are normal floats. */
  private static final int MOST_SHIFT = 126;

  /** Adding it rounds a number below 2^-14 to a multiple of 2^-24. */
  private static final float SUBNORMAL_SHIFT = 0.75f;

  private static final float LEAST_NORMAL = 0x1p-14f;

  /** First element of each block, and after them the length. */
  private final int[] starts;

  private final boolean[] rounded;

  /**
   * @param length of the flat vector
   * @param multiple blocks end at multiples of it, where slices may begin
   * @param parts that are rounded, in order, not overlapping
   */
  BlockFloat16Codec(int length, int multiple, List<IndexRange> parts) {
    List<IndexRange> blocks = new ArrayList<>();
    List<Boolean> kinds = new ArrayList<>();
    int end = 0;
    for (IndexRange part : parts) {
      cut(end, part.from(), multiple, false, blocks, kinds);
      cut(part.from(), part.to(), multiple, true, blocks, kinds);
      end = part.to();
    }
    cut(end, length, multiple, false, blocks, kinds);
    this.starts = new int[blocks.size() + 1];
    this.rounded = new boolean[blocks.size()];
    for (int block = 0; block < blocks.size(); block++) {
      starts[block] = blocks.get(block).from();
      rounded[block] = kinds.get(block);
    }
    starts[blocks.size()] = length;
  }

  private static void cut(
      int from, int to, int multiple, boolean kind, List<IndexRange> blocks, List<Boolean> kinds) {
    int start = from;
    while (start < to) {
      int end = (int) Math.min(to, (start / multiple + 1L) * multiple);
      blocks.add(new IndexRange(start, end));
      kinds.add(kind);
      start = end;
    }
  }

  private int blockAt(int element) {
    int block = Arrays.binarySearch(starts, element);
    if (block < 0) {
      throw new IllegalArgumentException("no block begins or ends at element " + element);
    }
    return block;
  }

  /** Floats that a part takes when it is packed. */
  int packedLength(IndexRange part) {
    int packed = 0;
    for (int block = blockAt(part.from()); starts[block] < part.to(); block++) {
      int count = starts[block + 1] - starts[block];
      packed += rounded[block] ? 1 + (count + 1) / 2 : count;
    }
    return packed;
  }

  /**
   * @param values whose element {@code from} is the part's first
   * @param target written from {@code at} on
   * @return one past the last that was written
   */
  int pack(IndexRange part, float[] values, int from, float[] target, int at) {
    int offset = from - part.from();
    int next = at;
    for (int block = blockAt(part.from()); starts[block] < part.to(); block++) {
      int first = starts[block] + offset;
      int end = starts[block + 1] + offset;
      if (rounded[block]) {
        next = pack(values, first, end, target, next);
      } else {
        System.arraycopy(values, first, target, next, end - first);
        next += end - first;
      }
    }
    return next;
  }

  private static int pack(float[] values, int from, int to, float[] target, int at) {
    int shift = shift(values, from, to);
    float scale = power(shift);
    target[at] = shift;
    int next = at + 1;
    int i = from;
    for (; i + 1 < to; i += 2) {
      int low = Float16.fromFloat(values[i] * scale) & 0xFFFF;
      int high = Float16.fromFloat(values[i + 1] * scale) << 16;
      target[next++] = Float.intBitsToFloat(high | low);
    }
    if (i < to) {
      target[next++] = Float.intBitsToFloat(Float16.fromFloat(values[i] * scale) & 0xFFFF);
    }
    return next;
  }

  /** The opposite of {@link #pack}; returns one past the last that was read. */
  int unpack(IndexRange part, float[] packed, int at, float[] values, int from) {
    int offset = from - part.from();
    int next = at;
    for (int block = blockAt(part.from()); starts[block] < part.to(); block++) {
      int first = starts[block] + offset;
      int end = starts[block + 1] + offset;
      if (rounded[block]) {
        next = unpack(packed, next, values, first, end);
      } else {
        System.arraycopy(packed, next, values, first, end - first);
        next += end - first;
      }
    }
    return next;
  }

  private static int unpack(float[] packed, int at, float[] values, int from, int to) {
    float inverse = power(-(int) packed[at]);
    int next = at + 1;
    int i = from;
    for (; i + 1 < to; i += 2) {
      int pair = Float.floatToRawIntBits(packed[next++]);
      values[i] = Float16.toFloat((short) pair) * inverse;
      values[i + 1] = Float16.toFloat((short) (pair >>> 16)) * inverse;
    }
    if (i < to) {
      values[i] = Float16.toFloat((short) Float.floatToRawIntBits(packed[next++])) * inverse;
    }
    return next;
  }

  /** Makes of a part what packing and unpacking would. */
  void roundInPlace(IndexRange part, float[] values, int from) {
    int offset = from - part.from();
    for (int block = blockAt(part.from()); starts[block] < part.to(); block++) {
      if (rounded[block]) {
        roundInPlace(values, starts[block] + offset, starts[block + 1] + offset);
      }
    }
  }

  /** Copies the parts that are rounded, where they begin and end at blocks of this part. */
  void copyRounded(IndexRange part, float[] source, int from, float[] target, int at) {
    for (int block = blockAt(part.from()); starts[block] < part.to(); block++) {
      if (rounded[block]) {
        int behind = starts[block] - part.from();
        int count = starts[block + 1] - starts[block];
        System.arraycopy(source, from + behind, target, at + behind, count);
      }
    }
  }

  private static void roundInPlace(float[] values, int from, int to) {
    int shift = shift(values, from, to);
    float scale = power(shift);
    float inverse = power(-shift);
    if (shift == 0) {
      // It may hold what is not finite.
      for (int i = from; i < to; i++) {
        values[i] = Float16.toFloat(Float16.fromFloat(values[i]));
      }
      return;
    }
    for (int i = from; i < to; i++) {
      values[i] = round(values[i] * scale) * inverse;
    }
  }

  /** As there and back through float16, of a number that does not overflow it. */
  private static float round(float scaled) {
    int bits = Float.floatToRawIntBits(scaled);
    float normal = Float.intBitsToFloat(bits + 0xFFF + (bits >>> 13 & 1) & 0xFFFFE000);
    float magnitude = Math.abs(scaled) + SUBNORMAL_SHIFT - SUBNORMAL_SHIFT;
    return Math.abs(scaled) < LEAST_NORMAL ? Math.copySign(magnitude, scaled) : normal;
  }

  /** Exponent of the block's scale; 0 where it holds an infinity or NaN. */
  private static int shift(float[] values, int from, int to) {
    int largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Float.floatToRawIntBits(values[i]) & 0x7FFFFFFF);
    }
    if (largest >= INFINITY_BITS) {
      return 0;
    }
    int exponent = (largest + 0xFFF + (largest >>> 13 & 1)) >>> 23;
    return Math.min(MOST_SHIFT, SCALED_EXPONENT - Math.min(exponent, 254));
  }

  /** 2^exponent. */
  private static float power(int exponent) {
    return Float.intBitsToFloat((127 + exponent) << 23);
  }
}
