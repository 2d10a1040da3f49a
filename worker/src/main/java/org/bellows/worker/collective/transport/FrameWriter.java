// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.bellows.worker.collective.BufferRegion;

/** Sends frames of floats, one after the other, as fast as the channel takes them. */
final class FrameWriter {
  private final Channel channel;

  /** Bytes that the channel has not taken yet, from its position to its limit. */
  private final ByteBuffer staging;

  private final BufferCursor cursor = new BufferCursor();
  private long sequence;
  private boolean done = true;

  FrameWriter(Channel channel) {
    this.channel = channel;
    this.staging = channel.buffer();
  }

  void begin(List<BufferRegion> regions) {
    staging.clear().order(ByteOrder.BIG_ENDIAN);
    staging.putInt(Frames.MAGIC).putLong(sequence++).putInt(BufferRegion.floats(regions));
    cursor.begin(regions);
    fill();
    done = false;
  }

  private void fill() {
    staging.order(ByteOrder.LITTLE_ENDIAN);
    cursor.read(staging);
    staging.flip();
  }

  boolean isDone() {
    return done;
  }

  /** Sends as many bytes as the channel takes, at most a buffer of them. */
  void advance() throws IOException {
    channel.write(staging);
    if (!staging.hasRemaining() && !cursor.isAtEnd()) {
      staging.clear();
      fill();
    } else if (!staging.hasRemaining()) {
      done = channel.flush();
    }
  }
}
