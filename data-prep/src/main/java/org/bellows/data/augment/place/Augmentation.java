// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.place;

import org.bellows.data.random.SampleRandom;

/** A rule that brings pictures of any size to one size. Implementations are immutable. */
public interface Augmentation {
  /**
   * @param height of the picture in pixels, at least 1
   * @param width of the picture in pixels, at least 1
   * @param random the only source of chance; an evaluation rule draws nothing from it
   */
  Placement place(int height, int width, SampleRandom random);
}
