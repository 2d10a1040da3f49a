// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark.collective;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Upper bound for a collective: each rank sends every other as many bytes as the collective would,
 * from one small buffer into another, without reading them.
 */
final class SocketCopy implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final ProcessRendezvous ranks;
  private final Socket[] sockets;
  private final byte[] out = new byte[BUFFER_BYTES];
  private final byte[] in = new byte[BUFFER_BYTES];
  private final ExecutorService senders = Executors.newCachedThreadPool();

  /** The higher rank of a pair calls the lower. */
  SocketCopy(ProcessRendezvous ranks) {
    this.ranks = ranks;
    this.sockets = new Socket[ranks.size()];
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, ranks.size(), loopback)) {
      List<String> ports = ranks.swap("port", Integer.toString(server.getLocalPort()));
      for (int other = 0; other < ranks.rank(); other++) {
        sockets[other] = tuned(new Socket(loopback, Integer.parseInt(ports.get(other))));
        new DataOutputStream(sockets[other].getOutputStream()).writeInt(ranks.rank());
      }
      for (int callers = ranks.rank() + 1; callers < ranks.size(); callers++) {
        Socket socket = tuned(server.accept());
        sockets[new DataInputStream(socket.getInputStream()).readInt()] = socket;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Socket tuned(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSendBufferSize(BUFFER_BYTES);
    socket.setReceiveBufferSize(BUFFER_BYTES);
    return socket;
  }

  /**
   * Sends and receives; all ranks call it.
   *
   * @param bytes to and from each other rank
   */
  void swap(long bytes) {
    List<Future<?>> sending = new ArrayList<>();
    for (int i = 1; i < sockets.length; i++) {
      Socket socket = sockets[(ranks.rank() + i) % sockets.length];
      sending.add(senders.submit(() -> send(socket, bytes)));
    }
    for (int i = 1; i < sockets.length; i++) {
      receive(sockets[(ranks.rank() + i) % sockets.length], bytes);
    }
    for (Future<?> one : sending) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("cannot send", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while sending", e);
      }
    }
  }

  private void send(Socket socket, long bytes) {
    try {
      OutputStream stream = socket.getOutputStream();
      for (long left = bytes; left > 0; left -= BUFFER_BYTES) {
        stream.write(out, 0, (int) Math.min(left, BUFFER_BYTES));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void receive(Socket socket, long bytes) {
    try {
      InputStream stream = socket.getInputStream();
      for (long left = bytes; left > 0; ) {
        int read = stream.read(in, 0, (int) Math.min(left, BUFFER_BYTES));
        if (read < 0) {
          throw new IOException("the connection ended, %d bytes early".formatted(left));
        }
        left -= read;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    senders.shutdownNow();
    try {
      for (Socket socket : sockets) {
        if (socket != null) {
          socket.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
