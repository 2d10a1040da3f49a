// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bellows.conf.BellowsException;
import org.junit.jupiter.api.Test;

class FormatVersionTest {

  @Test
  void readsFromTheOldestToTheNewest() {
    FormatVersion format = new FormatVersion(2, 4);
    format.require("a.json", 2);
    format.require("a.json", 4);
    assertThat(format.reads(3)).isTrue();
    for (int version : new int[] {1, 5}) {
      assertThatThrownBy(() -> format.require("a.json", version))
          .isInstanceOf(BellowsException.class)
          .hasMessage("a.json has format version %d, expected 2 to 4", version);
    }
    assertThatThrownBy(() -> new FormatVersion(1, 1).require("a.json", 2))
        .hasMessage("a.json has format version 2, expected 1");
  }

  @Test
  void theOldestIsNotNewerThanTheOneWritten() {
    assertThatThrownBy(() -> new FormatVersion(3, 2)).isInstanceOf(IllegalArgumentException.class);
  }
}
