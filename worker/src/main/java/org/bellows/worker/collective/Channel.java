package org.bellows.worker.collective;

import java.io.IOException;

/**
 * Bytes to and from one other rank. What one end writes in one call the other end must read in one
 * call. One thread may write while another reads.
 */
interface Channel {
  /** Most bytes of one call. */
  int MAX_BYTES = 1 << 18;

  /** Sends bytes[0] to bytes[count - 1], with {@link #flush()} at the latest. */
  void write(byte[] bytes, int count) throws IOException;

  void flush() throws IOException;

  /**
   * Fills bytes[0] to bytes[count - 1].
   *
   * @throws java.io.EOFException when the other end closed
   */
  void read(byte[] bytes, int count) throws IOException;
}
