package org.bellows.worker.collective;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** The bytes as they are. */
final class PlainChannel implements Channel {
  /** What is small goes out in one packet: a header alone would wake its reader for nothing. */
  private static final int COALESCED_BYTES = 1 << 17;

  private final DataInputStream input;
  private final OutputStream output;

  PlainChannel(Socket socket) throws IOException {
    this.input = new DataInputStream(socket.getInputStream());
    this.output = new BufferedOutputStream(socket.getOutputStream(), COALESCED_BYTES);
  }

  @Override
  public void write(byte[] bytes, int count) throws IOException {
    output.write(bytes, 0, count);
  }

  @Override
  public void flush() throws IOException {
    output.flush();
  }

  @Override
  public void read(byte[] bytes, int count) throws IOException {
    input.readFully(bytes, 0, count);
  }
}
