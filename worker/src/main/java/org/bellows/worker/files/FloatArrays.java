// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.FormatVersion;
import org.bellows.data.storage.Sha256;

/**
 * Float arrays of one length as bytes, little-endian: int magic 0x46574C42 ("BLWF" in a hex dump),
 * int version 1, int arrays, int floats in each, then the floats array by array. Integrity is the
 * business of the folder's manifest.
 */
public final class FloatArrays {
  private static final int MAGIC = 0x46574C42;
  private static final int VERSION = 1;
  private static final FormatVersion FORMAT = new FormatVersion(1, VERSION);
  private static final int HEADER_BYTES = 16;
  private static final int STAGING_FLOATS = 1 << 16;

  private FloatArrays() {}

  /**
   * @param length floats of each array that are written, from index 0
   */
  public static void write(OutputStream out, List<float[]> arrays, int length) throws IOException {
    ByteBuffer header = littleEndian(HEADER_BYTES);
    header.putInt(MAGIC).putInt(VERSION).putInt(arrays.size()).putInt(length);
    out.write(header.array());
    for (float[] array : arrays) {
      floats(array, length, out);
    }
  }

  /**
   * @param where names the content in messages
   * @throws BellowsException (data) when this is not such a file, with expected and actual
   */
  public static List<float[]> read(byte[] content, Object where) {
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (content.length < HEADER_BYTES
        || bytes.getInt(0) != MAGIC
        || !FORMAT.reads(bytes.getInt(4))) {
      throw BellowsException.data(where + " is not a file of float arrays, version " + FORMAT);
    }
    int arrays = bytes.getInt(8);
    int length = bytes.getInt(12);
    long expected = HEADER_BYTES + (long) arrays * length * Float.BYTES;
    // Arrays without floats take no bytes: any number of them could be claimed.
    boolean isCountable = arrays >= 0 && length >= 0 && (arrays == 0 || length > 0);
    if (!isCountable || expected != content.length) {
      throw BellowsException.data(
          "%s has %d bytes, expected %d for %d arrays of %d floats"
              .formatted(where, content.length, expected, arrays, length));
    }
    bytes.position(HEADER_BYTES);
    List<float[]> read = new ArrayList<>(arrays);
    for (int i = 0; i < arrays; i++) {
      float[] array = new float[length];
      bytes.asFloatBuffer().get(array);
      bytes.position(bytes.position() + length * Float.BYTES);
      read.add(array);
    }
    return read;
  }

  /** Index of the first number that is NaN or infinite; -1: there is none. */
  public static int firstNotFinite(float[] array) {
    for (int i = 0; i < array.length; i++) {
      if (!Float.isFinite(array[i])) {
        return i;
      }
    }
    return -1;
  }

  /** SHA-256 of the first length floats as little-endian bytes. */
  public static String sha256(float[] array, int length) {
    MessageDigest digest = Sha256.digest();
    try (OutputStream sink =
        new OutputStream() {
          @Override
          public void write(int b) {
            digest.update((byte) b);
          }

          @Override
          public void write(byte[] bytes, int offset, int count) {
            digest.update(bytes, offset, count);
          }
        }) {
      floats(array, length, sink);
    } catch (IOException e) {
      throw new IllegalStateException("a digest does not fail", e);
    }
    return Sha256.hex(digest.digest());
  }

  private static void floats(float[] array, int length, OutputStream out) throws IOException {
    ByteBuffer staging = littleEndian(STAGING_FLOATS * Float.BYTES);
    for (int done = 0; done < length; ) {
      int now = Math.min(length - done, STAGING_FLOATS);
      staging.asFloatBuffer().put(array, done, now);
      out.write(staging.array(), 0, now * Float.BYTES);
      done += now;
    }
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
