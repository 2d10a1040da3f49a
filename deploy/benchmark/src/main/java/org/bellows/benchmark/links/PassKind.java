// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.Locale;

/** What the ranks do in a round with a network. */
enum PassKind {
  /** Forward and backward pass, and nothing else. */
  PASS,

  /** Then the sums of the gradient go to the owners of slices, as without overlap. */
  THEN_SEND,

  /** Likewise, bucket by bucket. */
  THEN_BUCKETS,

  /**
   * Then as many bytes as go between hosts go through plain sockets, between one rank of each host,
   * and nothing is added up: what this machine can do with that link.
   */
  THEN_COPY,

  /** They go while the backward pass runs. */
  OVERLAPPED;

  /** As a word. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
