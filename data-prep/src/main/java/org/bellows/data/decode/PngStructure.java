package org.bellows.data.decode;

import java.util.zip.CRC32;
import org.bellows.data.decode.ImageRefusedException.Reason;
import org.bellows.data.shard.Encoding;

/** Walks a PNG's chunks from IHDR to IEND and checks each one's CRC. */
final class PngStructure {
  static final int SIGNATURE_BYTES = 8;

  private static final int IHDR = chunk("IHDR");
  private static final int IDAT = chunk("IDAT");
  private static final int IEND = chunk("IEND");
  private static final int EXIF = chunk("eXIf");
  private static final int IHDR_BYTES = 13;

  private final ByteCursor cursor;
  private final CRC32 crc = new CRC32();
  private int height;
  private int width;
  private boolean hasData;
  private Orientation orientation = Orientation.UPRIGHT;

  private PngStructure(byte[] bytes) {
    this.cursor = new ByteCursor("PNG", bytes, SIGNATURE_BYTES);
  }

  /**
   * @param bytes that begin with the PNG signature
   * @throws ImageRefusedException when the structure is broken or ends early
   */
  static ImageHeader check(byte[] bytes) {
    return new PngStructure(bytes).walk();
  }

  private ImageHeader walk() {
    boolean isFirst = true;
    int type;
    do {
      long length = cursor.unsignedInt();
      int typeStart = cursor.position();
      type = (int) cursor.unsignedInt();
      if (isFirst != (type == IHDR)) {
        throw corrupt("its header is not its first chunk");
      }
      ByteCursor data = cursor.slice(length);
      checkCrc(typeStart, length);
      if (type == IHDR) {
        header(data);
      } else if (type == EXIF) {
        orientation = ExifReader.orientation(data.array(), data.position(), data.remaining());
      }
      hasData |= type == IDAT && length > 0;
      isFirst = false;
    } while (type != IEND);
    if (!hasData) {
      throw corrupt("it has no image data");
    }
    return new ImageHeader(Encoding.PNG, height, width, orientation);
  }

  private void header(ByteCursor data) {
    if (data.remaining() != IHDR_BYTES) {
      throw corrupt("a header of " + data.remaining() + " bytes, expected " + IHDR_BYTES);
    }
    long columns = data.unsignedInt();
    long rows = data.unsignedInt();
    if (columns > Integer.MAX_VALUE || rows > Integer.MAX_VALUE) {
      throw corrupt("a size of " + columns + " x " + rows + " pixels");
    }
    width = (int) columns;
    height = (int) rows;
  }

  /** The CRC covers type and data. */
  private void checkCrc(int typeStart, long length) {
    crc.reset();
    crc.update(cursor.array(), typeStart, 4 + (int) length);
    long stored = cursor.unsignedInt();
    if (stored != crc.getValue()) {
      throw corrupt(
          "the chunk at byte %d has CRC %08x, stored is %08x"
              .formatted(typeStart - 4, crc.getValue(), stored));
    }
  }

  private static int chunk(String name) {
    int type = 0;
    for (int i = 0; i < name.length(); i++) {
      type = type << 8 | name.charAt(i);
    }
    return type;
  }

  private static ImageRefusedException corrupt(String what) {
    return new ImageRefusedException(Reason.CORRUPT, "is a corrupt PNG: " + what);
  }
}
