// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * How two ranks prove to each other that both know the job's secret, over a connection that any
 * process may have opened. Bytes in {@link org.bellows.worker.collective package-info}.
 *
 * <p>Both add a fresh nonce, and every proof covers both nonces, both ranks and the attempt: what
 * was overheard once is of no use again, nor elsewhere. Neither end reads more than a fixed number
 * of bytes, nor waits longer than the deadline, before the other is authenticated.
 */
final class Handshake {
  static final int MAGIC = 0x42454C4C;
  static final int VERSION = 3;
  static final int NONCE_BYTES = 32;
  static final int PROOF_BYTES = 32;
  static final int HELLO_BYTES = 7 * Integer.BYTES + NONCE_BYTES;

  /** Sent alone before an unauthenticated caller is disconnected to make room. */
  static final int CROWDED = 0x43;

  private final Socket socket;
  private final Session session;
  private final long deadline;

  /** The other end had no room for this caller, which may call again. */
  static final class TooManyConnectionsException extends IOException {
    private static final long serialVersionUID = 1L;

    TooManyConnectionsException(IOException cause) {
      super("too many others are at its door", cause);
    }
  }

  /**
   * @param socket of a channel
   * @param deadline in {@link System#nanoTime}, after which the other end has failed
   */
  Handshake(Socket socket, Session session, long deadline) {
    this.socket = socket;
    this.session = session;
    this.deadline = deadline;
  }

  /** The two ends: the caller is the higher rank. */
  record Pair(int caller, int callee, int ranks) {}

  /** An authenticated caller; it waits for the confirmation. */
  record AuthenticatedPeer(int rank, byte[] transcript) {}

  /**
   * The caller's part.
   *
   * @throws IOException with the other end's actual reply
   */
  Channel call(Pair pair) throws IOException {
    byte[] hello = hello(pair);
    socket.getOutputStream().write(hello);
    byte[] challenge = challenge();
    byte[] transcript = concatenation(hello, Arrays.copyOf(challenge, NONCE_BYTES));
    byte[] proof = Arrays.copyOfRange(challenge, NONCE_BYTES, challenge.length);
    if (!MessageDigest.isEqual(proof, derive("callee", transcript))) {
      throw new IOException("the process that listens there does not know the job's secret");
    }
    socket.getOutputStream().write(derive("caller", transcript));
    try {
      if (!MessageDigest.isEqual(read(PROOF_BYTES), derive("welcome", transcript))) {
        throw new IOException("its welcome is not genuine");
      }
    } catch (EOFException e) {
      throw rejected(e);
    }
    return channel(transcript, "caller to callee", "callee to caller");
  }

  private byte[] challenge() throws IOException {
    byte[] challenge = new byte[NONCE_BYTES + PROOF_BYTES];
    int done = 0;
    try {
      done = read(challenge, 0, 1);
      read(challenge, done, challenge.length);
      return challenge;
    } catch (EOFException | SocketException e) {
      // Data sent to an end that has closed already reset the connection.
      if (done == 1 && challenge[0] == CROWDED) {
        throw new TooManyConnectionsException(e);
      }
      throw e instanceof EOFException end ? rejected(end) : e;
    }
  }

  private byte[] hello(Pair pair) {
    return ByteBuffer.allocate(HELLO_BYTES)
        .putInt(MAGIC)
        .putInt(VERSION)
        .putInt(session.attempt())
        .putInt(pair.caller())
        .putInt(pair.callee())
        .putInt(pair.ranks())
        .putInt(session.encrypted() ? 1 : 0)
        .put(nonce())
        .array();
  }

  /**
   * The callee's part, until the caller is authenticated.
   *
   * @throws IOException saying why the caller is none of this attempt's ranks
   */
  AuthenticatedPeer answer(int callee, int ranks) throws IOException {
    byte[] hello = read(HELLO_BYTES);
    int caller = check(ByteBuffer.wrap(hello), callee, ranks);
    byte[] nonce = nonce();
    byte[] transcript = concatenation(hello, nonce);
    socket.getOutputStream().write(concatenation(nonce, derive("callee", transcript)));
    if (!MessageDigest.isEqual(read(PROOF_BYTES), derive("caller", transcript))) {
      throw new IOException(
          "it says that it is rank " + caller + ", but does not know the job's secret");
    }
    return new AuthenticatedPeer(caller, transcript);
  }

  private int check(ByteBuffer hello, int callee, int ranks) throws IOException {
    int magic = hello.getInt();
    int version = hello.getInt();
    if (magic != MAGIC || version != VERSION) {
      throw new IOException(
          "magic %08x, version %d, expected %08x, %d".formatted(magic, version, MAGIC, VERSION));
    }
    int attempt = hello.getInt();
    if (attempt != session.attempt()) {
      throw new IOException(
          "it is of attempt %d, this is attempt %d".formatted(attempt, session.attempt()));
    }
    int caller = hello.getInt();
    int called = hello.getInt();
    int calledRanks = hello.getInt();
    if (caller <= callee || caller >= ranks || called != callee || calledRanks != ranks) {
      throw new IOException(
          "rank %d of %d calls rank %d, expected one of ranks %d to %d of %d to call rank %d"
              .formatted(caller, calledRanks, called, callee + 1, ranks - 1, ranks, callee));
    }
    int encrypted = hello.getInt();
    if (encrypted != (session.encrypted() ? 1 : 0)) {
      throw new IOException("one end encrypts and the other does not");
    }
    return caller;
  }

  /** Tells the caller that it is in. */
  Channel welcome(AuthenticatedPeer peer) throws IOException {
    socket.getOutputStream().write(derive("welcome", peer.transcript()));
    return channel(peer.transcript(), "callee to caller", "caller to callee");
  }

  private Channel channel(byte[] transcript, String sending, String receiving) throws IOException {
    return session.encrypted()
        ? new EncryptedChannel(
            socket.getChannel(), derive(sending, transcript), derive(receiving, transcript))
        : new PlainChannel(socket.getChannel());
  }

  private byte[] derive(String purpose, byte[] transcript) {
    byte[] label = ("bellows " + purpose + "\0").getBytes(StandardCharsets.US_ASCII);
    return session.secret().derive(concatenation(label, transcript));
  }

  /** Exactly count bytes, however slowly they drip in, but not after the deadline. */
  private byte[] read(int count) throws IOException {
    byte[] bytes = new byte[count];
    read(bytes, 0, count);
    return bytes;
  }

  /**
   * @param from how many are there already
   * @param count how many are to be there
   */
  private int read(byte[] bytes, int from, int count) throws IOException {
    InputStream input = socket.getInputStream();
    for (int done = from; done < count; ) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw late(done, count);
      }
      socket.setSoTimeout(Math.toIntExact(Math.min(left, Integer.MAX_VALUE)));
      try {
        int now = input.read(bytes, done, count - done);
        if (now < 0) {
          throw new EOFException("closed after %d of %d bytes".formatted(done, count));
        }
        done += now;
      } catch (SocketTimeoutException e) {
        throw late(done, count);
      }
    }
    return count;
  }

  private static IOException late(int done, int count) {
    return new SocketTimeoutException("sent %d of %d bytes in time".formatted(done, count));
  }

  private static IOException rejected(EOFException cause) {
    return new IOException("it rejected this rank; its log has the reason", cause);
  }

  private static byte[] nonce() {
    byte[] nonce = new byte[NONCE_BYTES];
    new SecureRandom().nextBytes(nonce);
    return nonce;
  }

  private static byte[] concatenation(byte[] one, byte[] other) {
    return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
  }
}
