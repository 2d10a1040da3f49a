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
import java.util.function.IntPredicate;

/**
 * Upper bound for a collective: each rank sends every other as many bytes as the collective would,
 * from one small buffer into another, without reading them.
 */
public final class SocketCopy implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final int rank;
  private final ServerSocket server;
  private final Socket[] sockets;
  private final byte[] out = new byte[BUFFER_BYTES];
  private final byte[] in = new byte[BUFFER_BYTES];
  private final ExecutorService senders = Executors.newCachedThreadPool();

  /**
   * Opens a port for the other ranks.
   *
   * @param here address of this machine that they reach
   */
  public SocketCopy(InetAddress here, int rank, int size) {
    this.rank = rank;
    this.sockets = new Socket[size];
    try {
      this.server = new ServerSocket(0, size, here);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** host:port, for {@link #connect}. */
  public String address() {
    return server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
  }

  /**
   * The higher rank of a pair calls the lower. All ranks call it.
   *
   * @param addresses of all, by rank
   */
  public void connect(List<String> addresses) {
    try (server) {
      for (int other = 0; other < rank; other++) {
        String address = addresses.get(other);
        int colon = address.lastIndexOf(':');
        int port = Integer.parseInt(address.substring(colon + 1));
        sockets[other] = tuned(new Socket(address.substring(0, colon), port));
        new DataOutputStream(sockets[other].getOutputStream()).writeInt(rank);
      }
      for (int callers = rank + 1; callers < sockets.length; callers++) {
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
  public void swap(long bytes) {
    swap(bytes, other -> true);
  }

  /**
   * Likewise, with some ranks only, which say the same of this one.
   *
   * @param among whether a rank is one of them; not asked of this one
   */
  public void swap(long bytes, IntPredicate among) {
    List<Socket> chosen = new ArrayList<>();
    for (int i = 1; i < sockets.length; i++) {
      int other = (rank + i) % sockets.length;
      if (among.test(other)) {
        chosen.add(sockets[other]);
      }
    }
    List<Future<?>> sending = new ArrayList<>();
    for (Socket socket : chosen) {
      sending.add(senders.submit(() -> send(socket, bytes)));
    }
    for (Socket socket : chosen) {
      receive(socket, bytes);
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
      server.close();
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
