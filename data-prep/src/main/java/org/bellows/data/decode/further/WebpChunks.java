// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.further;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bellows.data.decode.image.ExifReader;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.Orientation;

/** The chunks of a WebP file (RFC 9649, section 2.3), and the EXIF block among them (2.7.1.5). */
final class WebpChunks {
  private static final int RIFF_HEADER_BYTES = 12;
  private static final int CHUNK_HEADER_BYTES = 8;
  private static final String CHUNK = "EXIF";

  /** Some writers put JPEG's mark before the block. */
  private static final String JPEG_MARK = "Exif\0\0";

  private WebpChunks() {}

  /** TwelveMonkeys' reader takes what is not there for zeros. */
  static void requireWhole(byte[] bytes) {
    if (bytes.length < RIFF_HEADER_BYTES) {
      throw new ImageRefusedException(Reason.TRUNCATED, "is a truncated WebP");
    }
    long expected = CHUNK_HEADER_BYTES + (numbers(bytes).getInt(4) & 0xFFFFFFFFL);
    if (expected > bytes.length) {
      throw new ImageRefusedException(
          Reason.TRUNCATED,
          "is a truncated WebP: it has %d bytes, its header says %d"
              .formatted(bytes.length, expected));
    }
  }

  private static ByteBuffer numbers(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static Orientation orientation(byte[] bytes) {
    ByteBuffer numbers = numbers(bytes);
    long at = RIFF_HEADER_BYTES;
    while (at + CHUNK_HEADER_BYTES <= bytes.length) {
      int content = (int) at + CHUNK_HEADER_BYTES;
      long length = numbers.getInt((int) at + 4) & 0xFFFFFFFFL;
      if (length > bytes.length - content) {
        return Orientation.UPRIGHT;
      }
      if (FurtherFormat.hasText(bytes, (int) at, CHUNK)) {
        int mark = FurtherFormat.hasText(bytes, content, JPEG_MARK) ? JPEG_MARK.length() : 0;
        return ExifReader.orientation(bytes, content + mark, (int) length - mark);
      }
      // Chunks are filled up to an even length.
      at = content + length + (length & 1);
    }
    return Orientation.UPRIGHT;
  }
}
