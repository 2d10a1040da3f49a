// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.png;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.bellows.data.decode.image.ByteCursor;
import org.bellows.data.decode.image.ExifReader;
import org.bellows.data.decode.image.ImageHeader;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.Orientation;
import org.bellows.data.decode.image.SizeLimit;
import org.bellows.data.shard.Encoding;

/**
 * Walks a PNG's chunks from IHDR to IEND, checks each one's CRC, and inflates the picture to see
 * that it is whole. Text and colour profiles are passed over, never inflated.
 */
public final class PngStructure {
  static final int SIGNATURE_BYTES = 8;

  private static final int IHDR = chunk("IHDR");
  private static final int PLTE = chunk("PLTE");
  private static final int TRNS = chunk("tRNS");
  private static final int IDAT = chunk("IDAT");
  private static final int IEND = chunk("IEND");
  private static final int EXIF = chunk("eXIf");
  private static final int ANCILLARY = 0x20000000;
  private static final int RGB = 3;
  private static final int MOST_COLOURS = 256;

  private final ByteCursor cursor;
  private final SizeLimit limit;
  private final CRC32 crc = new CRC32();
  private final List<ByteCursor> data = new ArrayList<>();
  private int last = IHDR;
  private PngHeader header;
  private byte[] palette;
  private byte[] transparency;
  private Orientation orientation = Orientation.UPRIGHT;

  private PngStructure(byte[] bytes, SizeLimit limit) {
    this.cursor = new ByteCursor("PNG", bytes, SIGNATURE_BYTES);
    this.limit = limit;
  }

  /**
   * @param bytes that begin with the PNG signature
   * @throws ImageRefusedException when the structure is broken, the picture too large or not whole
   */
  public static ImageHeader check(byte[] bytes, SizeLimit limit) {
    PngStructure structure = walk(bytes, limit);
    PngHeader header = structure.header;
    new PngRows(header, structure.data).read(new PngPaletteCheck(header, structure.colours()));
    return new ImageHeader(Encoding.PNG, header.height(), header.width(), structure.orientation);
  }

  /** The chunks alone; what they hold is not inflated. */
  static PngStructure walk(byte[] bytes, SizeLimit limit) {
    PngStructure structure = new PngStructure(bytes, limit);
    structure.walk();
    return structure;
  }

  PngHeader header() {
    return header;
  }

  /** The compressed picture, in the pieces of its chunks. */
  List<ByteCursor> data() {
    return data;
  }

  /** Red, green, blue of each colour; null without. */
  byte[] palette() {
    return palette;
  }

  /** The tRNS chunk; null without. */
  byte[] transparency() {
    return transparency;
  }

  /** Of its EXIF block. */
  Orientation orientation() {
    return orientation;
  }

  /** Of the palette; 0 without. */
  int colours() {
    return palette == null ? 0 : palette.length / RGB;
  }

  private void walk() {
    while (last != IEND) {
      long length = cursor.unsignedInt();
      int start = cursor.position();
      int type = (int) cursor.unsignedInt();
      if ((header == null) != (type == IHDR)) {
        throw ImageRefusedException.corruptPng("its header is not its first chunk");
      }
      ByteCursor content = cursor.slice(length);
      checkCrc(start, length);
      read(type, start - 4, content);
      last = type;
    }
    if (data.isEmpty()) {
      throw ImageRefusedException.corruptPng("it has no image data");
    }
  }

  private void read(int type, int start, ByteCursor content) {
    if (type == IHDR) {
      header = PngHeader.read(content, limit);
    } else if (type == PLTE) {
      palette(content);
    } else if (type == TRNS) {
      transparency(content);
    } else if (type == IDAT) {
      data(content);
    } else if (type == EXIF) {
      orientation =
          ExifReader.orientation(content.array(), content.position(), content.remaining());
    } else if (type != IEND && (type & ANCILLARY) == 0) {
      throw ImageRefusedException.corruptPng(
          "an unknown chunk at byte " + start + " that is not ancillary");
    }
  }

  private void palette(ByteCursor content) {
    int length = content.remaining();
    if (palette != null || !data.isEmpty() || length == 0 || length % RGB != 0) {
      throw ImageRefusedException.corruptPng(
          "a palette of %d bytes, %s".formatted(length, place(palette)));
    }
    if (length > MOST_COLOURS * RGB) {
      throw ImageRefusedException.corruptPng("a palette of " + length / RGB + " colours");
    }
    palette = content.bytes();
  }

  private void transparency(ByteCursor content) {
    if (header.colour().hasAlpha()) {
      // No decoder uses it.
      return;
    }
    int length = content.remaining();
    boolean fits =
        header.colour() == PngHeader.Colour.PALETTE
            ? length <= colours()
            : length == 2 * header.colour().channels();
    if (transparency != null || !data.isEmpty() || !fits) {
      throw ImageRefusedException.corruptPng(
          "a transparency of %d bytes, %s".formatted(length, place(transparency)));
    }
    transparency = content.bytes();
  }

  private String place(byte[] earlier) {
    if (earlier != null) {
      return "the second one";
    }
    return data.isEmpty() ? "which do not fit" : "after image data";
  }

  private void data(ByteCursor content) {
    if (header.colour() == PngHeader.Colour.PALETTE && palette == null) {
      throw ImageRefusedException.corruptPng("image data before the palette");
    }
    if (!data.isEmpty() && last != IDAT) {
      throw ImageRefusedException.corruptPng("image data in chunks that do not follow each other");
    }
    data.add(content);
  }

  /** The CRC covers type and data. */
  private void checkCrc(int start, long length) {
    crc.reset();
    crc.update(cursor.array(), start, 4 + (int) length);
    long stored = cursor.unsignedInt();
    if (stored != crc.getValue()) {
      throw ImageRefusedException.corruptPng(
          "the chunk at byte %d has CRC %08x, stored is %08x"
              .formatted(start - 4, crc.getValue(), stored));
    }
  }

  private static int chunk(String name) {
    int type = 0;
    for (int i = 0; i < name.length(); i++) {
      type = type << 8 | name.charAt(i);
    }
    return type;
  }
}
