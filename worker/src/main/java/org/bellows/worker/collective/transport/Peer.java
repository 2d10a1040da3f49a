// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.PeerLostException;

/**
 * One connection to another rank, on which nothing waits. One thread may send while another
 * receives.
 */
final class Peer implements AutoCloseable {
  private final int rank;
  private final SocketChannel socket;
  private final SocketAddress address;
  private final FrameWriter writer;
  private final FrameReader reader;

  /**
   * @param channel over the socket
   */
  Peer(int rank, SocketChannel socket, Channel channel) throws IOException {
    this.rank = rank;
    this.socket = socket;
    this.address = socket.getRemoteAddress();
    this.writer = new FrameWriter(channel);
    this.reader = new FrameReader(channel);
    socket.configureBlocking(false);
  }

  int rank() {
    return rank;
  }

  /** The selector's key has this peer as its attachment. */
  SelectionKey register(Selector selector) throws ClosedChannelException {
    return socket.register(selector, 0, this);
  }

  void beginSending(List<BufferRegion> regions) {
    writer.begin(regions);
  }

  void beginReceiving(List<BufferRegion> regions) {
    reader.begin(regions);
  }

  /** {@link SelectorLoop}'s directions in which something is still to be moved. */
  int left() {
    return (writer.isDone() ? 0 : SelectorLoop.OUT) | (reader.isDone() ? 0 : SelectorLoop.IN);
  }

  /** Moves as many bytes as possible at the moment, at most a buffer of them. */
  void advance(int directions, String what) {
    int now = left() & directions;
    try {
      if ((now & SelectorLoop.OUT) != 0) {
        writer.advance();
      }
      if ((now & SelectorLoop.IN) != 0) {
        reader.advance();
      }
    } catch (ProtocolException e) {
      throw BellowsException.infrastructure(
          "%s sent %s, during %s".formatted(this, e.getMessage(), what), e);
    } catch (IOException e) {
      throw lost(what, e);
    }
  }

  private BellowsException lost(String what, IOException cause) {
    if (!socket.isOpen()) {
      return closedHere(what, cause);
    }
    String happened =
        cause instanceof EOFException
            ? "closed the connection"
            : "was lost (" + cause.getMessage() + ")";
    return new PeerLostException(this + " " + happened + " during " + what, cause);
  }

  /** Nothing is wrong with the peer: another thread closed this side, as at the process's end. */
  PeerLostException closedHere(String what, Exception cause) {
    return new PeerLostException(
        "closed its own connection to %s during %s: its process is ending".formatted(this, what),
        cause);
  }

  @Override
  public String toString() {
    return "rank " + rank + " at " + address;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
