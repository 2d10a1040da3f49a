// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HostsTest {
  @Test
  void neighboursWithOneNameShareAHost() {
    Hosts hosts = Hosts.ofNames(List.of("a", "a", "b", "a"));
    assertThat(hosts.count()).isEqualTo(3);
    assertThat(List.of(hosts.of(0), hosts.of(1), hosts.of(2), hosts.of(3)))
        .containsExactly(0, 0, 1, 2);
    assertThat(List.of(hosts.first(0), hosts.first(1), hosts.first(2), hosts.first(3)))
        .containsExactly(0, 2, 3, 4);
    assertThat(hosts.size(0)).isEqualTo(2);
  }

  @Test
  void theLastHostMayHaveFewer() {
    Hosts hosts = Hosts.of(5, 2);
    assertThat(List.of(hosts.size(0), hosts.size(1), hosts.size(2))).containsExactly(2, 2, 1);
    assertThat(Hosts.apart(3).count()).isEqualTo(3);
    assertThat(Hosts.together(3).count()).isEqualTo(1);
  }
}
