// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockFloat16CodecTest {
  private static final int LENGTH = 301;
  private static final int MULTIPLE = 32;
  private static final IndexRange ALL = new IndexRange(0, LENGTH);
  private static final BlockFloat16Codec BLOCKS =
      new BlockFloat16Codec(
          LENGTH, MULTIPLE, List.of(new IndexRange(3, 100), new IndexRange(100, 290)));

  /** Magnitudes over many binary orders about 10^center. */
  private static float[] values(int center, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      double power = Math.pow(10, center + random.nextDouble(-6, 6));
      values[i] = (float) ((random.nextDouble() - 0.5) * power);
    }
    return values;
  }

  private static float[] throughTheWire(float[] values) {
    float[] packed = new float[BLOCKS.packedLength(ALL)];
    assertThat(BLOCKS.pack(ALL, values, 0, packed, 0)).isEqualTo(packed.length);
    assertThat(packed).doesNotContain(Float.NaN);
    float[] back = new float[LENGTH];
    assertThat(BLOCKS.unpack(ALL, packed, 0, back, 0)).isEqualTo(packed.length);
    return back;
  }

  private static float[] rounded(float[] values) {
    float[] rounded = values.clone();
    BLOCKS.roundInPlace(ALL, rounded, 0);
    return rounded;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  @ParameterizedTest
  @ValueSource(ints = {-44, -38, -30, -3, 0, 3, 20, 31})
  void roundingIsWhatTheWireDoesAndOnceIsEnough(int center) {
    for (long seed = 0; seed < 200; seed++) {
      float[] values = values(center, seed);
      float[] rounded = rounded(values);
      assertThat(bits(throughTheWire(values))).isEqualTo(bits(rounded));
      assertThat(bits(rounded(rounded))).isEqualTo(bits(rounded));
      assertThat(bits(throughTheWire(rounded))).isEqualTo(bits(rounded));
    }
  }

  /** The largest of a block may become the next power of two, and the scale must not change. */
  @Test
  void aLargestThatIsRoundedUpIsRoundedOnce() {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = 1e-9f * i;
    }
    values[40] = Math.nextDown(2f);
    float[] rounded = rounded(values);
    assertThat(rounded[40]).isEqualTo(2);
    assertThat(bits(throughTheWire(rounded))).isEqualTo(bits(rounded));
  }

  @ParameterizedTest
  @ValueSource(ints = {-30, -3, 0, 20, 31})
  void errorsAreWithinTheBoundOfEachBlock(int center) {
    float[] values = values(center, 7);
    float[] rounded = rounded(values);
    int changed = 0;
    for (int from = 3; from < 290; from = Math.min(290, nextBlock(from))) {
      int to = Math.min(290, nextBlock(from));
      double largest = 0;
      for (int i = from; i < to; i++) {
        largest = Math.max(largest, Math.abs(values[i]));
      }
      for (int i = from; i < to; i++) {
        double bound = Math.max(0x1p-11 * Math.abs(values[i]), 0x1p-39 * largest);
        assertThat((double) rounded[i]).isCloseTo(values[i], within(bound));
        changed += rounded[i] == values[i] ? 0 : 1;
      }
    }
    assertThat(changed).isGreaterThan(200);
    for (int i : new int[] {0, 1, 2, 290, 300}) {
      assertThat(rounded[i]).isEqualTo(values[i]);
    }
  }

  /** At multiples, and where the second part begins. */
  private static int nextBlock(int from) {
    int multiple = (from / MULTIPLE + 1) * MULTIPLE;
    return from < 100 ? Math.min(100, multiple) : multiple;
  }

  /** 3 is scaled by 2^13 to 24,576; a third to 2,730.67, where float16 has every second number. */
  @Test
  void aBlockWorkedByHand() {
    BlockFloat16Codec blocks = new BlockFloat16Codec(2, MULTIPLE, List.of(new IndexRange(0, 2)));
    float[] packed = new float[blocks.packedLength(new IndexRange(0, 2))];
    blocks.pack(new IndexRange(0, 2), new float[] {3, 1 / 3f}, 0, packed, 0);
    assertThat(packed).hasSize(2);
    assertThat(packed[0]).isEqualTo(13);
    int pair = Float.floatToRawIntBits(packed[1]);
    assertThat(pair & 0xFFFF).isEqualTo(Float16.fromFloat(24_576));
    assertThat(pair >>> 16).isEqualTo(Float16.fromFloat(2_730));
    float[] back = new float[2];
    blocks.unpack(new IndexRange(0, 2), packed, 0, back, 0);
    assertThat(back).containsExactly(3, 2_730 / 8_192f);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void whatIsNotFiniteStaysSo(float bad) {
    float[] values = values(0, 3);
    values[50] = bad;
    float[] back = throughTheWire(values);
    assertThat(Float.compare(back[50], bad)).isZero();
    assertThat(bits(rounded(values))).isEqualTo(bits(back));
    assertThat(Float.isFinite(back[49]) && Float.isFinite(back[200])).isTrue();
  }

  @Test
  void aPartIsPackedAsItIsInTheWhole() {
    float[] values = values(0, 5);
    IndexRange part = new IndexRange(64, 192);
    float[] packed = new float[BLOCKS.packedLength(part)];
    float[] slice = Arrays.copyOfRange(values, 64, 192);
    BLOCKS.pack(part, slice, 0, packed, 0);
    float[] back = new float[128];
    BLOCKS.unpack(part, packed, 0, back, 0);
    assertThat(back).isEqualTo(Arrays.copyOfRange(rounded(values), 64, 192));
    // 5 blocks: 32, 4, 28, 32 and 32 numbers.
    assertThat(packed).hasSize(5 + 64);
    assertThatThrownBy(() -> BLOCKS.packedLength(new IndexRange(65, 192)))
        .hasMessage("no block begins or ends at element 65");
  }
}
