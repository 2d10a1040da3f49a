// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;
import org.bellows.conf.BellowsException;

/**
 * A network device whose frames this process reads and writes (Linux, Documentation/networking
 * tuntap). It is made in this process's namespace, and may be moved to another one.
 */
final class TapDevice {
  private static final int READ_AND_WRITE = 2;

  /** TUNSETIFF. */
  private static final long SET_NAME = 0x400454CAL;

  /** Of struct ifreq, whose name has 16 bytes with the zero, and whose flags follow it. */
  private static final int REQUEST_BYTES = 40;

  private static final int NAME_BYTES = 16;

  /** IFF_TAP and IFF_NO_PI: frames of Ethernet, with nothing before them. */
  private static final short FLAGS = 0x1002;

  private final int file;

  private TapDevice(int file) {
    this.file = file;
  }

  static TapDevice create(String name) {
    try {
      int file = C.open("/dev/net/tun", READ_AND_WRITE);
      byte[] request = new byte[REQUEST_BYTES];
      byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(letters, 0, request, 0, Math.min(letters.length, NAME_BYTES - 1));
      request[NAME_BYTES] = (byte) FLAGS;
      request[NAME_BYTES + 1] = FLAGS >> Byte.SIZE;
      C.ioctl(file, SET_NAME, request);
      return new TapDevice(file);
    } catch (LastErrorException e) {
      throw BellowsException.infrastructure(
          "cannot make the network device " + name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Waits for a frame.
   *
   * @param address of memory
   * @return bytes, at most {@code most}
   * @throws LastErrorException when the device is gone
   */
  int read(long address, int most) {
    return Math.toIntExact(C.read(file, address, most));
  }

  /**
   * @return whether the frame was taken: a device that is not up takes none
   */
  boolean write(long address, int bytes) {
    try {
      return C.write(file, address, bytes) == bytes;
    } catch (LastErrorException e) {
      return false;
    }
  }

  /** Of the C library. */
  private static final class C {
    static {
      Native.register(C.class, "c");
    }

    private C() {}

    static native int open(String path, int flags) throws LastErrorException;

    static native int ioctl(int file, long request, byte[] argument) throws LastErrorException;

    static native long read(int file, long address, long bytes) throws LastErrorException;

    static native long write(int file, long address, long bytes) throws LastErrorException;
  }
}
