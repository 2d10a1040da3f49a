// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import org.bytedeco.javacpp.BytePointer;

/**
 * Native memory, and how many still need what it holds while a plan is being compiled. When no
 * holder is left, later steps of the plan may use it.
 */
final class MemoryBlock {
  private static final int ALIGNMENT_BYTES = 64;

  private final BytePointer allocation;
  private final BytePointer start;
  private final long bytes;
  private int refCount;

  /** Zeros. */
  MemoryBlock(long bytes) {
    this.bytes = bytes;
    this.allocation = new BytePointer(bytes + ALIGNMENT_BYTES);
    long unaligned = allocation.address() % ALIGNMENT_BYTES;
    this.start = allocation.getPointer((ALIGNMENT_BYTES - unaligned) % ALIGNMENT_BYTES);
    BytePointer.memset(start, 0, bytes);
  }

  private MemoryBlock(long bytes, BytePointer nowhere) {
    this.bytes = bytes;
    this.allocation = nowhere;
    this.start = nowhere;
  }

  /** One that is only counted: it starts nowhere. */
  static MemoryBlock counted(long bytes) {
    return new MemoryBlock(bytes, new BytePointer());
  }

  BytePointer start() {
    return start;
  }

  long bytes() {
    return bytes;
  }

  int refCount() {
    return refCount;
  }

  void retain(int more) {
    refCount += more;
  }

  void free() {
    allocation.deallocate();
  }
}
