// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

/** The header before the floats of a frame; bytes in {@code package-info}. */
final class Frames {
  static final int MAGIC = 0x464C4F54;
  static final int HEADER_BYTES = Integer.BYTES + Long.BYTES + Integer.BYTES;

  private Frames() {}
}
