// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes to and from one other rank. Nothing here waits: what cannot be done now is left for later.
 * One thread may write while another reads.
 */
interface Channel {
  /** Most bytes of one buffer. */
  int MAX_BYTES = 1 << 18;

  /** A buffer of {@link #MAX_BYTES} of the kind that goes best through this channel. */
  ByteBuffer buffer();

  /** Takes as many of these bytes as it can. */
  void write(ByteBuffer from) throws IOException;

  /** Whether all that was taken has left. */
  boolean flush() throws IOException;

  /**
   * Appends the bytes that have arrived, as far as there is room.
   *
   * @throws java.io.EOFException when the other end closed
   */
  void read(ByteBuffer to) throws IOException;
}
