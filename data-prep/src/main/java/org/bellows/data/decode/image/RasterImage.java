// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.image;

/**
 * An 8-bit picture.
 *
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param interleaved height x width x channels, row-major, channels last, unsigned bytes; not
 *     copied
 */
public record RasterImage(int height, int width, int channels, byte[] interleaved) {
  public RasterImage {
    if (interleaved.length != (long) height * width * channels) {
      throw new IllegalArgumentException(
          "%d bytes for %d x %d x %d pixels"
              .formatted(interleaved.length, height, width, channels));
    }
  }

  /** The value 0..255 at a place; for tests and tools, not for loops over pictures. */
  public int at(int row, int column, int channel) {
    return interleaved[(row * width + column) * channels + channel] & 0xFF;
  }
}
