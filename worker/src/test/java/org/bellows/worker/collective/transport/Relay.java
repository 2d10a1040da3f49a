// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Somebody in the network: passes one connection on, writes down what the caller says, may alter
 * it.
 */
final class Relay implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getByName("127.0.0.1"));
  private final String target;
  private final long flipped;
  private final ByteArrayOutputStream overheard = new ByteArrayOutputStream();
  private long answered;

  /**
   * @param flipped which byte from caller to target has a bit changed, from 0; -1: none
   */
  Relay(String target, long flipped) throws IOException {
    this(target, flipped, 0);
  }

  private Relay(String target, long flipped, int turnedAway) throws IOException {
    this.target = target;
    this.flipped = flipped;
    start(
        () -> {
          for (int i = 0; i < turnedAway; i++) {
            try (Socket caller = server.accept()) {
              caller.getOutputStream().write(Handshake.CROWDED);
            }
          }
          pass();
        });
  }

  /** Says to the first callers that there is no room. */
  static Relay thatTurnsAwayFirst(String target, int callers) throws IOException {
    return new Relay(target, -1, callers);
  }

  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  synchronized byte[] overheard() {
    return overheard.toByteArray();
  }

  /** Bytes that the target sent back. */
  synchronized long answered() {
    return answered;
  }

  static Socket connect(String address) throws IOException {
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    return new Socket(InetAddress.getByName("127.0.0.1"), port);
  }

  private interface Body {
    void run() throws IOException;
  }

  private static void start(Body body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (IOException e) {
                // One of the ends is gone; closing tells the other.
              }
            },
            "relay");
    thread.setDaemon(true);
    thread.start();
  }

  private void pass() throws IOException {
    try (Socket caller = server.accept();
        Socket callee = connect(target)) {
      start(() -> passBack(callee.getInputStream(), caller.getOutputStream()));
      InputStream input = caller.getInputStream();
      OutputStream output = callee.getOutputStream();
      byte[] bytes = new byte[1 << 16];
      long passed = 0;
      for (int count = input.read(bytes); count >= 0; count = input.read(bytes)) {
        synchronized (this) {
          overheard.write(bytes, 0, count);
        }
        if (flipped >= passed && flipped < passed + count) {
          bytes[(int) (flipped - passed)] ^= 4;
        }
        passed += count;
        output.write(bytes, 0, count);
      }
    }
  }

  private void passBack(InputStream input, OutputStream output) throws IOException {
    byte[] bytes = new byte[1 << 16];
    for (int count = input.read(bytes); count >= 0; count = input.read(bytes)) {
      output.write(bytes, 0, count);
      synchronized (this) {
        answered += count;
      }
    }
    output.close();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
