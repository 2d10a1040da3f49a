// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The bytes as they are. */
final class PlainChannel implements Channel {
  private final SocketChannel socket;

  PlainChannel(SocketChannel socket) {
    this.socket = socket;
  }

  /** Outside the heap, from where the system takes bytes without another copy. */
  @Override
  public ByteBuffer buffer() {
    return ByteBuffer.allocateDirect(MAX_BYTES);
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    socket.write(from);
  }

  @Override
  public boolean flush() {
    return true;
  }

  @Override
  public void read(ByteBuffer to) throws IOException {
    if (socket.read(to) < 0) {
      throw new EOFException("the connection ended");
    }
  }
}
