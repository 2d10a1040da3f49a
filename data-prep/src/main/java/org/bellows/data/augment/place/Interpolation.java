// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.place;

/** How a region is brought to another size. */
public enum Interpolation {
  /** OpenCv's, halved again and again where it shrinks. */
  BILINEAR,
  /** Pillow's, whose kernel is as wide as the region shrinks. */
  BICUBIC
}
