// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.bellows.worker.collective.BufferRegion;

/** Receives frames of floats, one after the other, as they come. */
final class FrameReader {
  private final Channel channel;

  /** Bytes that have arrived and are not in place yet, up to its position. */
  private final ByteBuffer staging;

  private final BufferCursor cursor = new BufferCursor();
  private int expected;
  private long sequence;

  /** Bytes of this frame that have not been received yet. */
  private long missingBytes;

  private boolean headerChecked;

  FrameReader(Channel channel) {
    this.channel = channel;
    this.staging = channel.buffer();
  }

  void begin(List<BufferRegion> regions) {
    expected = BufferRegion.floats(regions);
    missingBytes = Frames.HEADER_BYTES + (long) expected * Float.BYTES;
    headerChecked = false;
    staging.clear();
    cursor.begin(regions);
  }

  boolean isDone() {
    return missingBytes == 0;
  }

  /**
   * Receives the bytes that are available, at most a buffer of them.
   *
   * @throws ProtocolException when the other end sends another frame than the one waited for
   */
  void advance() throws IOException {
    // Nothing of the next frame, whose place is not known yet.
    int before = staging.position();
    staging.limit((int) Math.min(staging.capacity(), before + missingBytes));
    channel.read(staging);
    missingBytes -= staging.position() - before;
    staging.flip();
    if (!headerChecked && staging.remaining() >= Frames.HEADER_BYTES) {
      check(staging.order(ByteOrder.BIG_ENDIAN));
      headerChecked = true;
    }
    if (headerChecked) {
      cursor.write(staging.order(ByteOrder.LITTLE_ENDIAN));
    }
    staging.compact();
  }

  private void check(ByteBuffer header) throws ProtocolException {
    int magic = header.getInt();
    long number = header.getLong();
    int floats = header.getInt();
    if (magic != Frames.MAGIC || number != sequence || floats != expected) {
      throw new ProtocolException(
          "frame %d of %d floats (magic %08x), expected frame %d of %d floats (magic %08x)"
              .formatted(number, floats, magic, sequence, expected, Frames.MAGIC));
    }
    sequence++;
  }
}
