// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.shard.Encoding;

/** The format of a file, by its first bytes. */
public final class ContentType {
  private static final byte[] JPEG = HexFormat.of().parseHex("ffd8");
  private static final byte[] PNG = HexFormat.of().parseHex("89504e470d0a1a0a");
  private static final int SHOWN_BYTES = 8;

  /** ISO/IEC 14496-12: the length and the name of the first box, then the file's brand. */
  private static final Pattern HEIF =
      Pattern.compile("(?s).{4}ftyp(heic|heix|hevc|heim|heis|mif1|msf1|avif|avis).*");

  private static final int HEIF_BYTES = 12;

  /** Frequent mistakes, so that the message can name them. */
  private static final Map<String, String> OTHERS = new LinkedHashMap<>();

  static {
    OTHERS.put("GIF8", "a GIF");
    OTHERS.put("BM", "a BMP");
    OTHERS.put("RIFF", "a WebP or other RIFF file");
    OTHERS.put("II*\0", "a TIFF");
    OTHERS.put("MM\0*", "a TIFF");
    OTHERS.put("%PDF", "a PDF");
    OTHERS.put("PK\3\4", "a ZIP archive");
    OTHERS.put("\37\213", "a gzip file");
    OTHERS.put("<", "HTML or XML");
  }

  private ContentType() {}

  /**
   * @throws ImageRefusedException for all but JPEG and PNG, saying what the file begins with
   */
  public static Encoding of(byte[] bytes) {
    if (startsWith(bytes, JPEG)) {
      return Encoding.JPEG;
    }
    if (startsWith(bytes, PNG)) {
      return Encoding.PNG;
    }
    if (bytes.length == 0) {
      throw new ImageRefusedException(Reason.NOT_AN_IMAGE, "is not an image: it is empty");
    }
    String start =
        HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(SHOWN_BYTES, bytes.length));
    String name =
        OTHERS.entrySet().stream()
            .filter(e -> startsWith(bytes, e.getKey().getBytes(StandardCharsets.ISO_8859_1)))
            .map(e -> ", as does " + e.getValue())
            .findFirst()
            .orElse(heif(bytes));
    throw new ImageRefusedException(
        Reason.NOT_AN_IMAGE, "is neither JPEG nor PNG: it begins with " + start + name);
  }

  private static String heif(byte[] bytes) {
    int length = Math.min(HEIF_BYTES, bytes.length);
    Matcher box = HEIF.matcher(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
    if (!box.matches()) {
      return "";
    }
    return box.group(1).startsWith("avi")
        ? ", as does an AVIF"
        : ", as does a HEIC or other HEIF file";
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }
}
