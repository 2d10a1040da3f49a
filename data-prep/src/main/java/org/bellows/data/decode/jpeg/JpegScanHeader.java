// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.jpeg;

import java.util.ArrayList;
import java.util.List;
import org.bellows.data.decode.image.ByteCursor;
import org.bellows.data.decode.image.ImageRefusedException;

/**
 * A scan header (ITU-T T.81, B.2.3).
 *
 * @param parts the components in it, one to four
 * @param first coefficient of the band, Ss
 * @param last coefficient of the band, Se
 * @param high bit that earlier scans came down to, Ah; 0 in a first scan
 * @param low bit that this scan comes down to, Al
 */
record JpegScanHeader(List<Part> parts, int first, int last, int high, int low) {
  private static final int MOST_PARTS = 4;
  private static final int MOST_BLOCKS_IN_MCU = 10;

  /**
   * A component with the numbers of its Huffman tables.
   *
   * @param dc Td
   * @param ac Ta
   */
  record Part(JpegFrame.Component component, int dc, int ac) {}

  static JpegScanHeader read(ByteCursor segment, JpegFrame frame) {
    int count = segment.remaining() == 0 ? 0 : segment.unsignedByte();
    if (count < 1 || count > MOST_PARTS || segment.remaining() != 2 * count + 3) {
      throw ImageRefusedException.corruptJpeg(
          "a scan header that does not fit " + count + " colour components");
    }
    List<Part> parts = new ArrayList<>();
    int blocks = 0;
    for (int i = 0; i < count; i++) {
      JpegFrame.Component component = component(segment.unsignedByte(), parts, frame);
      int tables = segment.unsignedByte();
      parts.add(new Part(component, tables >> 4, tables & 15));
      blocks += component.horizontal() * component.vertical();
    }
    if (count > 1 && blocks > MOST_BLOCKS_IN_MCU) {
      throw ImageRefusedException.corruptJpeg(
          "a scan of %d blocks an MCU, allowed are %d".formatted(blocks, MOST_BLOCKS_IN_MCU));
    }
    int first = segment.unsignedByte();
    int last = segment.unsignedByte();
    int bits = segment.unsignedByte();
    return new JpegScanHeader(List.copyOf(parts), first, last, bits >> 4, bits & 15);
  }

  /** A scan of one component has one block in an MCU (A.2.2). */
  int blocksInMcu(Part part) {
    return parts.size() == 1 ? 1 : part.component().horizontal() * part.component().vertical();
  }

  /**
   * As libjpeg has it, which reads files that give several components one number: the first of this
   * number that does not stand before its place in the scan.
   */
  private static JpegFrame.Component component(int id, List<Part> earlier, JpegFrame frame) {
    for (int i = earlier.size(); i < frame.components().size(); i++) {
      JpegFrame.Component component = frame.components().get(i);
      if (component.id() == id) {
        if (earlier.stream().anyMatch(p -> p.component().equals(component))) {
          throw ImageRefusedException.corruptJpeg("a scan that names component " + id + " twice");
        }
        return component;
      }
    }
    throw ImageRefusedException.corruptJpeg("a scan of the unknown colour component " + id);
  }
}
