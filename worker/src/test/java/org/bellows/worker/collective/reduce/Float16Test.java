// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Float16Test {
  private static final int INFINITY = 0x7C00;

  /** IEEE 754-2008, section 3.4, written down. */
  private static double value(int half) {
    int exponent = half >> 10 & 0x1F;
    double fraction = (half & 0x3FF) / 1024.0;
    double magnitude =
        exponent == 0
            ? Math.scalb(fraction, -14)
            : exponent < 31
                ? Math.scalb(1 + fraction, exponent - 15)
                : fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    return (half & 0x8000) == 0 ? magnitude : -magnitude;
  }

  @Test
  void everyFloat16BecomesItsFloatAndComesBack() {
    for (int half = 0; half < 0x10000; half++) {
      float value = Float16.toFloat((short) half);
      assertThat(Double.compare(value, value(half))).as("%04x", half).isZero();
      int back = Float16.fromFloat(value) & 0xFFFF;
      assertThat(back).isEqualTo(Float.isNaN(value) ? 0x7E00 : half);
    }
  }

  /** Half-way between neighbours to the even one, else to the nearer. */
  @Test
  void everyFloatBetweenTwoGoesToTheNearest() {
    for (int half = 0; half < INFINITY - 1; half++) {
      float middle = (float) ((value(half) + value(half + 1)) / 2);
      int even = half + (half & 1);
      for (int sign : new int[] {0, 0x8000}) {
        float signed = sign == 0 ? middle : -middle;
        assertThat(Float16.fromFloat(signed)).isEqualTo((short) (sign | even));
        float nearer = sign == 0 ? Math.nextDown(middle) : Math.nextUp(-middle);
        assertThat(Float16.fromFloat(nearer)).isEqualTo((short) (sign | half));
        float further = sign == 0 ? Math.nextUp(middle) : Math.nextDown(-middle);
        assertThat(Float16.fromFloat(further)).isEqualTo((short) (sign | half + 1));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "65519.996, 7bff",
    "65520, 7c00",
    "-65520, fc00",
    "3e38, 7c00",
    "Infinity, 7c00",
    "NaN, 7e00",
    "1e-45, 0",
    "-1e-45, 8000",
    "1, 3c00"
  })
  void theEndsOfItsRange(float value, String half) {
    assertThat(Integer.toHexString(Float16.fromFloat(value) & 0xFFFF)).isEqualTo(half);
  }
}
