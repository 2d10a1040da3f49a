// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.tensor;

import java.nio.ByteBuffer;

/** The type of an array's elements, little-endian. */
public enum ElementType {
  FLOAT64(8, "F64") {
    @Override
    float at(ByteBuffer bytes, int position) {
      return (float) bytes.getDouble(position);
    }
  },
  FLOAT32(4, "F32") {
    @Override
    float at(ByteBuffer bytes, int position) {
      return bytes.getFloat(position);
    }
  },
  FLOAT16(2, "F16") {
    @Override
    float at(ByteBuffer bytes, int position) {
      return half(bytes.getShort(position));
    }
  },
  BFLOAT16(2, "BF16") {
    @Override
    float at(ByteBuffer bytes, int position) {
      return Float.intBitsToFloat(bytes.getShort(position) << 16);
    }
  },
  INT64(8, "I64"),
  INT32(4, "I32"),
  INT16(2, "I16"),
  INT8(1, "I8"),
  UINT8(1, "U8"),
  BOOL(1, "BOOL");

  private static final int HALF_MANTISSA_BITS = 10;
  private static final int HALF_LARGEST_EXPONENT = 31;
  private static final int HALF_BIAS = 15;
  private static final int FLOAT_MANTISSA_BITS = 23;
  private static final int FLOAT_BIAS = 127;

  private final int bytes;
  private final String code;

  ElementType(int bytes, String code) {
    this.bytes = bytes;
    this.code = code;
  }

  public int bytes() {
    return bytes;
  }

  /** The name of the type in safetensors. */
  public String code() {
    return code;
  }

  public boolean isFloating() {
    return compareTo(BFLOAT16) <= 0;
  }

  /**
   * The element at a byte, as the nearest float.
   *
   * @throws UnsupportedOperationException for other than floating-point types
   */
  float at(ByteBuffer little, int position) {
    throw new UnsupportedOperationException(this + " is no floating-point type");
  }

  /** IEEE 754 binary16 to binary32, exactly. */
  static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> HALF_MANTISSA_BITS & HALF_LARGEST_EXPONENT;
    int mantissa = bits & (1 << HALF_MANTISSA_BITS) - 1;
    if (exponent == 0) {
      float small = mantissa * 0x1p-24f;
      return sign == 0 ? small : -small;
    }
    int wide =
        exponent == HALF_LARGEST_EXPONENT ? 2 * FLOAT_BIAS + 1 : exponent - HALF_BIAS + FLOAT_BIAS;
    int shift = FLOAT_MANTISSA_BITS - HALF_MANTISSA_BITS;
    return Float.intBitsToFloat(sign | wide << FLOAT_MANTISSA_BITS | mantissa << shift);
  }
}
