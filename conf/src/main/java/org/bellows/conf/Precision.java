// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

/** The number format of maps and weights. */
public enum Precision {
  FLOAT32,
  /** float32, whose products a GPU computes of ten bits after the point. */
  TF32,
  BFLOAT16
}
