// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of encoded images that may wait in the heap, over all lanes of a worker. */
final class HeapBudget {
  private final AtomicLong left;

  HeapBudget(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  /** Whether there was room; if so, it is taken. */
  boolean acquire(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  void release(long bytes) {
    left.addAndGet(bytes);
  }
}
