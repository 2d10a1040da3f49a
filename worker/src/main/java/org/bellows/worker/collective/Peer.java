package org.bellows.worker.collective;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.bellows.conf.BellowsException;

/** One connection to another rank: frames of floats, numbered in each direction. */
final class Peer implements AutoCloseable {
  private static final int FRAME_MAGIC = 0x464C4F54;
  private static final int HEADER_BYTES = Integer.BYTES + Long.BYTES + Integer.BYTES;
  private static final int STAGING_BYTES = Channel.MAX_BYTES;
  private static final long SPIN_NANOSECONDS = 200_000;

  /** What Linux lets a connection receive at first, before it sees that more would help. */
  private static final int RECEIVE_BUFFER_BYTES = 1 << 16;

  private final int rank;
  private final Socket socket;
  private final Channel channel;
  private final long bufferedBytes;
  private final ByteBuffer sentHeader = ByteBuffer.allocate(HEADER_BYTES);
  private final ByteBuffer receivedHeader = ByteBuffer.allocate(HEADER_BYTES);
  private final ByteBuffer sending =
      ByteBuffer.allocate(STAGING_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer receiving =
      ByteBuffer.allocate(STAGING_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private long sent;
  private long received;

  /** The socket's read timeout is the longest wait for this peer. */
  Peer(int rank, Socket socket, Channel channel) throws IOException {
    this.rank = rank;
    this.socket = socket;
    this.channel = channel;
    this.bufferedBytes = (socket.getSendBufferSize() + RECEIVE_BUFFER_BYTES) / 2;
  }

  /**
   * Whether the buffers of both ends surely hold these, once the peer has read what came before.
   * Then all ranks may send first and read afterwards: who is furthest behind is never held up, as
   * the others have read all that it sent before.
   */
  boolean buffers(List<Piece> pieces) {
    return HEADER_BYTES + (long) floats(pieces) * Float.BYTES <= bufferedBytes;
  }

  void send(String what, List<Piece> pieces) {
    try {
      sentHeader.clear().putInt(FRAME_MAGIC).putLong(sent++).putInt(floats(pieces));
      channel.write(sentHeader.array(), HEADER_BYTES);
      for (Piece piece : pieces) {
        send(piece);
      }
      channel.flush();
    } catch (IOException e) {
      throw lost(what, e);
    }
  }

  private void send(Piece piece) throws IOException {
    int done = 0;
    while (done < piece.length()) {
      int now = Math.min(piece.length() - done, STAGING_BYTES / Float.BYTES);
      sending.asFloatBuffer().put(piece.array(), piece.from() + done, now);
      channel.write(sending.array(), now * Float.BYTES);
      done += now;
    }
  }

  void receive(String what, List<Piece> pieces) {
    try {
      spin();
      channel.read(receivedHeader.clear().array(), HEADER_BYTES);
      int magic = receivedHeader.getInt();
      long sequence = receivedHeader.getLong();
      int floats = receivedHeader.getInt();
      int expected = floats(pieces);
      if (magic != FRAME_MAGIC || sequence != received || floats != expected) {
        throw BellowsException.infrastructure(
            "%s sent frame %d of %d floats (magic %08x) during %s, expected frame %d of %d floats (magic %08x)"
                .formatted(this, sequence, floats, magic, what, received, expected, FRAME_MAGIC));
      }
      received++;
      for (Piece piece : pieces) {
        receive(piece);
      }
    } catch (IOException e) {
      throw lost(what, e);
    }
  }

  /**
   * Ranks that went in step a moment ago are heard of in a moment, and to fall asleep and be woken
   * takes longer. Where more ranks than processors run, the others are let run meanwhile.
   */
  private void spin() throws IOException {
    InputStream input = socket.getInputStream();
    long end = System.nanoTime() + SPIN_NANOSECONDS;
    while (input.available() == 0 && System.nanoTime() < end) {
      Thread.yield();
    }
  }

  private void receive(Piece piece) throws IOException {
    int done = 0;
    while (done < piece.length()) {
      int now = Math.min(piece.length() - done, STAGING_BYTES / Float.BYTES);
      channel.read(receiving.array(), now * Float.BYTES);
      receiving.asFloatBuffer().get(piece.array(), piece.from() + done, now);
      done += now;
    }
  }

  private static int floats(List<Piece> pieces) {
    int floats = 0;
    for (Piece piece : pieces) {
      floats += piece.length();
    }
    return floats;
  }

  private BellowsException lost(String what, IOException cause) {
    if (socket.isClosed()) {
      return closedHere(this, what, cause);
    }
    if (cause instanceof SocketTimeoutException) {
      return LostPeerException.silent(
          "%s sent nothing for %s s during %s".formatted(this, timeoutSeconds(), what), cause);
    }
    String happened =
        cause instanceof EOFException
            ? "closed the connection"
            : "was lost (" + cause.getMessage() + ")";
    return new LostPeerException(this + " " + happened + " during " + what, cause);
  }

  /** Nothing is wrong with the peer: another thread closed this side, as at the process's end. */
  static LostPeerException closedHere(Peer peer, String what, Exception cause) {
    return new LostPeerException(
        "closed its own connection to %s during %s: its process is ending".formatted(peer, what),
        cause);
  }

  private String timeoutSeconds() {
    try {
      return Integer.toString(socket.getSoTimeout() / 1000);
    } catch (IOException e) {
      return "the allowed";
    }
  }

  @Override
  public String toString() {
    return "rank " + rank + " at " + socket.getRemoteSocketAddress();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
