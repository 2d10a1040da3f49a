// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.jpeg;

import java.util.ArrayList;
import java.util.List;
import org.bellows.data.decode.image.ByteCursor;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.SizeLimit;

/**
 * A frame header (ITU-T T.81, B.2.2).
 *
 * @param isProgressive else baseline or extended sequential
 * @param components one (grey), three or four
 */
record JpegFrame(boolean isProgressive, int height, int width, List<Component> components) {
  private static final int PROGRESSIVE = 0xC2;
  private static final int MOST_SAMPLING = 4;
  private static final int BLOCK = 8;
  private static final int TABLES = 4;

  /**
   * One colour component.
   *
   * @param horizontal sampling factor H
   * @param vertical sampling factor V
   * @param quantisation number of its table
   */
  record Component(int index, int id, int horizontal, int vertical, int quantisation) {}

  /**
   * @param marker SOF0..SOF15
   * @param segment the bytes after its length
   */
  static JpegFrame read(int marker, ByteCursor segment, SizeLimit limit) {
    if (marker > PROGRESSIVE) {
      throw unsupported(
          "of an unsupported process (SOF%d: lossless, hierarchical or arithmetic)"
              .formatted(marker - 0xC0));
    }
    if (segment.remaining() < 6) {
      throw ImageRefusedException.corruptJpeg(
          "a frame header of " + segment.remaining() + " bytes");
    }
    int precision = segment.unsignedByte();
    if (precision != 8) {
      throw unsupported("of " + precision + " bits a sample, expected 8");
    }
    int height = segment.unsignedShort();
    int width = segment.unsignedShort();
    int count = segment.unsignedByte();
    if (count == 0 || segment.remaining() != 3 * count) {
      throw ImageRefusedException.corruptJpeg(
          "a frame header that does not fit " + count + " colour components");
    }
    if (count != 1 && count != 3 && count != 4) {
      throw unsupported("of " + count + " colour components, expected 1, 3 or 4");
    }
    limit.checkPixels(height, width);
    List<Component> components = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      components.add(component(i, segment));
    }
    JpegFrame frame = new JpegFrame(marker == PROGRESSIVE, height, width, List.copyOf(components));
    frame.checkSampling();
    return frame;
  }

  private static Component component(int index, ByteCursor segment) {
    int id = segment.unsignedByte();
    int sampling = segment.unsignedByte();
    int quantisation = segment.unsignedByte();
    int horizontal = sampling >> 4;
    int vertical = sampling & 15;
    if (Math.min(horizontal, vertical) < 1 || Math.max(horizontal, vertical) > MOST_SAMPLING) {
      throw ImageRefusedException.corruptJpeg(
          "a sampling of %d x %d, expected 1 to 4".formatted(horizontal, vertical));
    }
    if (quantisation >= TABLES) {
      throw ImageRefusedException.corruptJpeg(
          "a quantisation table " + quantisation + ", expected 0 to 3");
    }
    return new Component(index, id, horizontal, vertical, quantisation);
  }

  /** Only whole factors are scaled up by libjpeg. */
  private void checkSampling() {
    for (Component component : components) {
      if (mostHorizontal() % component.horizontal() != 0
          || mostVertical() % component.vertical() != 0) {
        throw unsupported(
            "of fractional sampling: %d x %d beside %d x %d"
                .formatted(
                    component.horizontal(),
                    component.vertical(),
                    mostHorizontal(),
                    mostVertical()));
      }
    }
  }

  private int mostHorizontal() {
    return components.stream().mapToInt(Component::horizontal).max().orElseThrow();
  }

  private int mostVertical() {
    return components.stream().mapToInt(Component::vertical).max().orElseThrow();
  }

  /** MCUs in a row of a scan of several components (A.2.3). */
  int mcuColumns() {
    return ceiling(width, BLOCK * mostHorizontal());
  }

  int mcuRows() {
    return ceiling(height, BLOCK * mostVertical());
  }

  /** Blocks of a component in a scan of its own (A.2.2). */
  int blocks(Component component) {
    return ceiling(width * component.horizontal(), BLOCK * mostHorizontal())
        * ceiling(height * component.vertical(), BLOCK * mostVertical());
  }

  /** Blocks of all components. */
  int blocks() {
    return components.stream().mapToInt(this::blocks).sum();
  }

  private static int ceiling(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  private static ImageRefusedException unsupported(String what) {
    return new ImageRefusedException(Reason.UNSUPPORTED, "is a JPEG " + what);
  }
}
