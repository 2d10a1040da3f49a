package org.bellows.worker.collective;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.bellows.conf.BellowsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a rank can be reached before ranks know each other: opens a port, then turns the addresses
 * of all ranks into connections. The higher rank of a pair connects, the lower accepts.
 */
public final class Rendezvous implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rendezvous.class);
  private static final int HELLO_MAGIC = 0x42454C4C;
  private static final int VERSION = 1;
  private static final int SOCKET_BUFFER_BYTES = 1 << 20;

  /** A stranger that connects and says nothing may not hold up the ranks behind it. */
  private static final int HELLO_TIMEOUT_MILLISECONDS = 5000;

  private final ServerSocket server;
  private final String host;

  private Rendezvous(ServerSocket server, String host) {
    this.server = server;
    this.host = host;
  }

  /**
   * @param host name or address under which other ranks reach this machine; the port is bound there
   */
  public static Rendezvous open(String host) {
    try {
      return new Rendezvous(new ServerSocket(0, 1024, InetAddress.getByName(host)), host);
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
   * @param session what only the ranks of this attempt know; others are turned away
   * @param addresses of all ranks as {@link #address} gave them, in rank order
   * @param timeout longest wait for any rank, now and in every later exchange
   */
  public Exchange connect(String session, List<String> addresses, int rank, Duration timeout) {
    Peer[] peers = new Peer[addresses.size()];
    try {
      for (int other = 0; other < rank; other++) {
        peers[other] = call(session, addresses.get(other), rank, other, timeout);
      }
      accept(session, rank, peers, timeout);
      return new DirectExchange(rank, peers);
    } catch (IOException | RuntimeException e) {
      closeAll(peers, e);
      if (e instanceof BellowsException known) {
        throw known;
      }
      throw BellowsException.infrastructure(
          "rank " + rank + " cannot connect to the other ranks: " + e.getMessage(), e);
    }
  }

  private static Peer call(String session, String address, int rank, int other, Duration timeout) {
    int colon = address.lastIndexOf(':');
    Socket socket = new Socket();
    try {
      int millis = Math.toIntExact(timeout.toMillis());
      socket.setReceiveBufferSize(SOCKET_BUFFER_BYTES);
      socket.connect(
          new InetSocketAddress(
              address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
          millis);
      tune(socket, millis);
      DataOutputStream output = new DataOutputStream(socket.getOutputStream());
      output.writeInt(HELLO_MAGIC);
      output.writeInt(VERSION);
      output.writeUTF(session);
      output.writeInt(rank);
      output.flush();
      if (socket.getInputStream().read() != 1) {
        throw new IOException("it turned this rank away");
      }
      return new Peer(other, socket);
    } catch (IOException e) {
      closeQuietly(socket, e);
      throw BellowsException.infrastructure(
          "rank %d cannot reach rank %d at %s: %s".formatted(rank, other, address, e.getMessage()),
          e);
    }
  }

  private void accept(String session, int rank, Peer[] peers, Duration timeout) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    TreeSet<Integer> missing = new TreeSet<>();
    for (int other = rank + 1; other < peers.length; other++) {
      missing.add(other);
    }
    while (!missing.isEmpty()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw BellowsException.infrastructure(
            "rank %d waited %d s for ranks %s to connect"
                .formatted(rank, timeout.toSeconds(), missing));
      }
      server.setSoTimeout(Math.toIntExact(Math.min(left, Integer.MAX_VALUE)));
      try {
        Socket socket = server.accept();
        int other = welcome(socket, session, missing);
        if (other >= 0) {
          tune(socket, Math.toIntExact(timeout.toMillis()));
          peers[other] = new Peer(other, socket);
          missing.remove(other);
        }
      } catch (SocketTimeoutException e) {
        LOG.debug("nobody connected in time; the deadline decides", e);
      }
    }
  }

  /** The rank that says the right hello, or -1 for a stranger, who is turned away. */
  private static int welcome(Socket socket, String session, TreeSet<Integer> missing)
      throws IOException {
    try {
      socket.setSoTimeout(HELLO_TIMEOUT_MILLISECONDS);
      DataInputStream input = new DataInputStream(socket.getInputStream());
      boolean ours = input.readInt() == HELLO_MAGIC && input.readInt() == VERSION;
      if (ours && same(input.readUTF(), session)) {
        int other = input.readInt();
        if (missing.contains(other)) {
          socket.getOutputStream().write(1);
          return other;
        }
      }
      LOG.warn("turned away {}: not a rank of this attempt", socket.getRemoteSocketAddress());
    } catch (IOException e) {
      LOG.warn("turned away {}: {}", socket.getRemoteSocketAddress(), e.toString());
    }
    socket.close();
    return -1;
  }

  /** In constant time: the session is a secret. */
  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static void tune(Socket socket, int timeoutMilliseconds) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
    socket.setSoTimeout(timeoutMilliseconds);
  }

  private static void closeAll(Peer[] peers, Exception reason) {
    List<Peer> open = new ArrayList<>();
    for (Peer peer : peers) {
      if (peer != null) {
        open.add(peer);
      }
    }
    for (Peer peer : open) {
      closeQuietly(peer, reason);
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
