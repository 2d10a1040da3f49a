// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch.tensorboard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** A file of records that is being put together; the package's documentation has the format. */
final class RecordFile {
  private static final int MASK_DELTA = 0xa282ead8;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  RecordFile add(byte[] content) {
    byte[] length = littleEndian(Long.BYTES).putLong(content.length).array();
    out.writeBytes(length);
    out.writeBytes(checksum(length));
    out.writeBytes(content);
    out.writeBytes(checksum(content));
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private static byte[] checksum(byte[] bytes) {
    return littleEndian(Integer.BYTES).putInt(maskedChecksum(bytes)).array();
  }

  /** CRC-32C, turned and shifted, so that a record that holds records has no trivial checksum. */
  static int maskedChecksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
