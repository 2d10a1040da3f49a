package org.bellows.worker.collective;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;

/** The bytes as they are. */
final class PlainChannel implements Channel {
  private final DataInputStream input;
  private final OutputStream output;

  PlainChannel(Socket socket) throws IOException {
    this.input = new DataInputStream(socket.getInputStream());
    this.output = socket.getOutputStream();
  }

  @Override
  public void write(byte[] bytes, int count) throws IOException {
    output.write(bytes, 0, count);
  }

  @Override
  public void read(byte[] bytes, int count) throws IOException {
    input.readFully(bytes, 0, count);
  }
}
