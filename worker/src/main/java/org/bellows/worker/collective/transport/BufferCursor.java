// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import org.bellows.worker.collective.BufferRegion;

/** Goes through the floats of pieces once, from the first piece to the last. */
final class BufferCursor {
  private List<BufferRegion> regions = List.of();
  private int piece;
  private int within;

  void begin(List<BufferRegion> all) {
    regions = all;
    piece = 0;
    within = 0;
    skipFinished();
  }

  boolean isAtEnd() {
    return piece == regions.size();
  }

  private void skipFinished() {
    while (!isAtEnd() && within == regions.get(piece).length()) {
      piece++;
      within = 0;
    }
  }

  /** Puts as many floats into the buffer as it has room for. */
  void read(ByteBuffer to) {
    FloatBuffer floats = to.asFloatBuffer();
    while (!isAtEnd() && floats.hasRemaining()) {
      BufferRegion now = regions.get(piece);
      int count = Math.min(now.length() - within, floats.remaining());
      floats.put(now.array(), now.from() + within, count);
      advance(count);
    }
    to.position(to.position() + floats.position() * Float.BYTES);
  }

  /** Puts the whole floats of the buffer in place. */
  void write(ByteBuffer from) {
    FloatBuffer floats = from.asFloatBuffer();
    while (!isAtEnd() && floats.hasRemaining()) {
      BufferRegion now = regions.get(piece);
      int count = Math.min(now.length() - within, floats.remaining());
      floats.get(now.array(), now.from() + within, count);
      now.arrived().accept(within + count);
      advance(count);
    }
    from.position(from.position() + floats.position() * Float.BYTES);
  }

  private void advance(int count) {
    within += count;
    skipFinished();
  }
}
