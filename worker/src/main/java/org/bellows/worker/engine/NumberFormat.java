// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

/**
 * The numbers that an engine computes a pass in. Parameters and gradients outside are floats in any
 * case, so another format costs accuracy within a pass and nowhere else.
 *
 * @param name as published, such as float32 or bfloat16
 * @param significandBits with the leading one: neighbouring numbers differ by 2^(1 -
 *     significandBits) of themselves
 */
public record NumberFormat(String name, int significandBits) {
  /** IEEE 754 single precision. */
  public static final NumberFormat FLOAT32 = new NumberFormat("float32", 24);

  /** A float's sign and exponent with the first ten bits after the point, in products only. */
  public static final NumberFormat TF32 = new NumberFormat("tf32", 11);

  /** A float's sign and exponent with the first seven bits after the point. */
  public static final NumberFormat BFLOAT16 = new NumberFormat("bfloat16", 8);
}
