// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AllowedSidesTest {
  @Test
  void everySideFromTheSmallestOnIsAllowed() {
    AllowedSides sides = AllowedSides.from(63);
    assertThat(sides.needed(63, 64)).isEmpty();
    assertThat(sides.needed(100, 62)).contains("of at least 63 pixels");
  }

  @Test
  void theTwoNearestSidesAreNamed() {
    AllowedSides sides = new AllowedSides(188, 16);
    assertThat(sides.needed(188, 572)).isEmpty();
    assertThat(sides.needed(572, 570)).contains("such as 556 or 572 pixels");
    assertThat(sides.needed(189, 188)).contains("such as 188 or 204 pixels");
    assertThat(sides.needed(187, 188)).contains("of at least 188 pixels");
  }
}
