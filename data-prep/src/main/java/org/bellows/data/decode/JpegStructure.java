package org.bellows.data.decode;

import java.util.HashSet;
import java.util.Set;
import org.bellows.data.decode.ImageRefusedException.Reason;
import org.bellows.data.shard.Encoding;

/**
 * Walks a JPEG's markers (ITU-T T.81, B.1.1) from SOI to EOI, without decoding entropy data.
 *
 * <p>Must pass: fill bytes and stray bytes before a marker (libjpeg skips both), restart markers,
 * several scans, thumbnails inside APP segments (skipped by length), anything behind EOI. Must not
 * pass: a file without EOI, for libjpeg fills the missing part with grey and says nothing.
 */
final class JpegStructure {
  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int DHT = 0xC4;
  private static final int JPG = 0xC8;
  private static final int DAC = 0xCC;
  private static final int APP1 = 0xE1;
  private static final int TEM = 0x01;
  private static final int FIRST_RESTART = 0xD0;
  private static final int LAST_RESTART = 0xD7;
  private static final int PROGRESSIVE = 0xC2;

  private final ByteCursor cursor;
  private final Set<Integer> components = new HashSet<>();
  private final Set<Integer> scanned = new HashSet<>();
  private boolean hasFrame;
  private boolean hasExif;
  private int height;
  private int width;
  private Orientation orientation = Orientation.UPRIGHT;

  private JpegStructure(byte[] bytes) {
    this.cursor = new ByteCursor("JPEG", bytes, 2);
  }

  /**
   * @param bytes that begin with SOI
   * @throws ImageRefusedException when the structure is broken or ends early
   */
  static ImageHeader check(byte[] bytes) {
    return new JpegStructure(bytes).walk();
  }

  private ImageHeader walk() {
    for (int marker = nextMarker(); marker != EOI; marker = nextMarker()) {
      if (marker == SOI) {
        throw corrupt("a second start-of-image marker");
      } else if (marker == SOS) {
        scan();
        skipEntropyData();
      } else if (isFrame(marker)) {
        frame(marker);
      } else if (marker == APP1) {
        exif(segment());
      } else if (marker != TEM && !isRestart(marker)) {
        segment();
      }
    }
    if (!hasFrame) {
      throw corrupt("it has no frame header");
    }
    if (!scanned.containsAll(components)) {
      throw corrupt(
          "it has data for %d of %d colour components"
              .formatted(scanned.size(), components.size()));
    }
    return new ImageHeader(Encoding.JPEG, height, width, orientation);
  }

  /** Skips to the next 0xFF that is followed by neither fill nor a stuffed zero. */
  private int nextMarker() {
    while (true) {
      int value = cursor.unsignedByte();
      if (value == 0xFF) {
        do {
          value = cursor.unsignedByte();
        } while (value == 0xFF);
        if (value != 0) {
          return value;
        }
      }
    }
  }

  private ByteCursor segment() {
    int length = cursor.unsignedShort();
    if (length < 2) {
      throw corrupt("a segment of length " + length + " at byte " + (cursor.position() - 2));
    }
    return cursor.slice(length - 2L);
  }

  private void frame(int marker) {
    if (hasFrame) {
      throw corrupt("a second frame header");
    }
    hasFrame = true;
    ByteCursor frame = segment();
    if (marker > PROGRESSIVE) {
      throw new ImageRefusedException(
          Reason.UNSUPPORTED,
          "is a JPEG of an unsupported process (SOF%d: lossless, hierarchical or arithmetic)"
              .formatted(marker - 0xC0));
    }
    if (frame.remaining() < 6) {
      throw corrupt("a frame header of " + frame.remaining() + " bytes");
    }
    int precision = frame.unsignedByte();
    if (precision != 8) {
      throw new ImageRefusedException(
          Reason.UNSUPPORTED, "is a JPEG of " + precision + " bits a sample, expected 8");
    }
    height = frame.unsignedShort();
    width = frame.unsignedShort();
    int count = frame.unsignedByte();
    if (count == 0 || frame.remaining() != 3 * count) {
      throw corrupt("a frame header that does not fit " + count + " colour components");
    }
    if (count != 1 && count != 3 && count != 4) {
      throw new ImageRefusedException(
          Reason.UNSUPPORTED, "is a JPEG of " + count + " colour components, expected 1, 3 or 4");
    }
    for (int i = 0; i < count; i++) {
      components.add(frame.unsignedByte());
      frame.skip(2);
    }
  }

  private void scan() {
    if (!hasFrame) {
      throw corrupt("a scan before the frame header");
    }
    ByteCursor scan = segment();
    int count = scan.remaining() == 0 ? 0 : scan.unsignedByte();
    if (count < 1 || count > 4 || scan.remaining() != 2 * count + 3) {
      throw corrupt("a scan header that does not fit " + count + " colour components");
    }
    for (int i = 0; i < count; i++) {
      int component = scan.unsignedByte();
      if (!components.contains(component)) {
        throw corrupt("a scan of the unknown colour component " + component);
      }
      scanned.add(component);
      scan.skip(1);
    }
  }

  /** Leaves the cursor before the marker that ends the scan. */
  private void skipEntropyData() {
    byte[] bytes = cursor.array();
    int at = cursor.position();
    while (at + 1 < bytes.length) {
      if (bytes[at] == (byte) 0xFF) {
        int next = bytes[at + 1] & 0xFF;
        if (next != 0 && next != 0xFF && !isRestart(next)) {
          break;
        }
      }
      at++;
    }
    if (at + 1 >= bytes.length) {
      throw new ImageRefusedException(
          Reason.TRUNCATED,
          "is a truncated JPEG: no end-of-image marker in its " + bytes.length + " bytes");
    }
    cursor.skip(at - cursor.position());
  }

  /** The first EXIF segment counts. Others of this marker hold XMP. */
  private void exif(ByteCursor segment) {
    if (!hasExif && segment.skipIf("Exif\0\0")) {
      hasExif = true;
      orientation =
          ExifReader.orientation(segment.array(), segment.position(), segment.remaining());
    }
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != DHT && marker != JPG && marker != DAC;
  }

  private static boolean isRestart(int marker) {
    return marker >= FIRST_RESTART && marker <= LAST_RESTART;
  }

  private static ImageRefusedException corrupt(String what) {
    return new ImageRefusedException(Reason.CORRUPT, "is a corrupt JPEG: " + what);
  }
}
