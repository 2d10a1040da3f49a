// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.Storage;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.Hosts;
import org.bellows.worker.collective.PeerLostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a rank can be reached before ranks know each other: opens a port, then turns the addresses
 * of all ranks into connections. The higher rank of a pair connects, the lower accepts.
 */
public final class Rendezvous implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rendezvous.class);
  private static final int SOCKET_BUFFER_BYTES = 1 << 20;
  private static final int BACKLOG = 1024;

  private final ServerSocket server;
  private final String host;
  private final Consumer<String> refusals;

  private Rendezvous(ServerSocket server, String host, Consumer<String> refusals) {
    this.server = server;
    this.host = host;
    this.refusals = refusals;
  }

  /**
   * @param host name or address under which other ranks reach this machine; the port is bound there
   */
  public static Rendezvous open(String host) {
    return open(host, LOG::warn);
  }

  /**
   * @param refusals receives a line for each rejected connection
   */
  static Rendezvous open(String host, Consumer<String> refusals) {
    try {
      ServerSocket server = ServerSocketChannel.open().socket();
      server.bind(new InetSocketAddress(InetAddress.getByName(host), 0), BACKLOG);
      return new Rendezvous(server, host, refusals);
    } catch (IOException e) {
      throw BellowsException.infrastructure(
          "cannot open a port on " + host + " for the other ranks: " + e.getMessage(), e);
    }
  }

  /** host:port. */
  public String address() {
    return host + ":" + server.getLocalPort();
  }

  /**
   * Connects all ranks.
   *
   * @param session the secret that only the ranks of this attempt know; other callers are rejected
   * @param addresses of all ranks as {@link #address} gave them, in rank order
   * @param timeout longest wait for any rank, now and in every later exchange
   */
  public Communicator connect(Session session, List<String> addresses, int rank, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    Peer[] peers = new Peer[addresses.size()];
    try (PeerAcceptor door = new PeerAcceptor(server, session, rank, peers, timeout, refusals)) {
      door.open();
      for (int other = 0; other < rank; other++) {
        Handshake.Pair pair = new Handshake.Pair(rank, other, peers.length);
        peers[other] = call(session, addresses.get(other), pair, timeout);
      }
      door.awaitAll(addresses, deadline);
      return new MeshCommunicator(rank, peers, hosts(addresses), timeout);
    } catch (IOException | RuntimeException e) {
      closeAll(peers, e);
      if (e instanceof BellowsException known) {
        throw known;
      }
      throw BellowsException.infrastructure(
          "rank " + rank + " cannot connect to the other ranks: " + e.getMessage(), e);
    }
  }

  private static Hosts hosts(List<String> addresses) {
    return Hosts.ofNames(
        addresses.stream().map(address -> address.substring(0, address.lastIndexOf(':'))).toList());
  }

  private static Peer call(Session session, String address, Handshake.Pair pair, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        return call(session, address, pair, timeout, deadline);
      } catch (Handshake.TooManyConnectionsException e) {
        // A first handshake takes long, for classes are loaded; the next one takes milliseconds.
        if (System.nanoTime() - deadline >= 0) {
          throw unreachable(pair, address, e);
        }
      } catch (IOException e) {
        throw unreachable(pair, address, e);
      }
    }
  }

  private static PeerLostException unreachable(
      Handshake.Pair pair, String address, IOException cause) {
    return new PeerLostException(
        "rank %d cannot reach rank %d at %s: %s"
            .formatted(pair.caller(), pair.callee(), address, Storage.reason(cause)),
        cause);
  }

  private static Peer call(
      Session session, String address, Handshake.Pair pair, Duration timeout, long deadline)
      throws IOException {
    Socket socket = SocketChannel.open().socket();
    try {
      connect(socket, address, timeout);
      Channel channel = new Handshake(socket, session, deadline).call(pair);
      tune(socket);
      return new Peer(pair.callee(), socket.getChannel(), channel);
    } catch (IOException e) {
      closeQuietly(socket, e);
      throw e;
    }
  }

  private static void connect(Socket socket, String address, Duration timeout) throws IOException {
    int colon = address.lastIndexOf(':');
    socket.setReceiveBufferSize(SOCKET_BUFFER_BYTES);
    socket.connect(
        new InetSocketAddress(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
        Math.toIntExact(timeout.toMillis()));
  }

  static void tune(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
  }

  private static void closeAll(Peer[] peers, Exception reason) {
    for (Peer peer : peers) {
      if (peer != null) {
        closeQuietly(peer, reason);
      }
    }
  }

  private static void closeQuietly(AutoCloseable closeable, Exception reason) {
    try {
      closeable.close();
    } catch (Exception e) {
      reason.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn("cannot close port {}: {}", server.getLocalPort(), e.getMessage());
    }
  }
}
