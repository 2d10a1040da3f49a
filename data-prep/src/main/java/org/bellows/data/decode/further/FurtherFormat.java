// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.further;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import org.bellows.data.decode.image.ExifReader;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.Orientation;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.decode.image.SizeLimit;

/** A format that is read, but not stored. Of several pictures in a file the first is read. */
public enum FurtherFormat {
  WEBP("WebP", 4096) {
    @Override
    boolean matches(byte[] bytes) {
      return hasText(bytes, 0, "RIFF") && hasText(bytes, RIFF_FORM, "WEBP");
    }

    @Override
    ImageReaderSpi provider() {
      return new WebPImageReaderSpi();
    }

    @Override
    Orientation orientation(byte[] bytes) {
      return WebpChunks.orientation(bytes);
    }

    @Override
    void requireWhole(byte[] bytes) {
      WebpChunks.requireWhole(bytes);
    }
  },
  GIF("GIF", 16) {
    @Override
    boolean matches(byte[] bytes) {
      return hasText(bytes, 0, "GIF87a") || hasText(bytes, 0, "GIF89a");
    }
  },
  BMP("BMP", 16) {
    @Override
    boolean matches(byte[] bytes) {
      return hasText(bytes, 0, "BM");
    }
  },
  TIFF("TIFF", 16) {
    @Override
    boolean matches(byte[] bytes) {
      return hasText(bytes, 0, "II*\0") || hasText(bytes, 0, "MM\0*");
    }

    /** EXIF blocks are TIFF's first directory, so the file itself is one. */
    @Override
    Orientation orientation(byte[] bytes) {
      return ExifReader.orientation(bytes, 0, bytes.length);
    }
  };

  private static final int RIFF_FORM = 8;
  private static final int MOST_BANDS = 4;
  private static final int MOST_BITS = 16;

  /** Others on the class path may read the same file otherwise. */
  private static final String OF_THE_JDK = "com.sun.imageio.";

  private final String shownName;
  private final int lookAhead;

  /**
   * @param lookAhead how often the reader may ask for more than the file has
   */
  FurtherFormat(String shownName, int lookAhead) {
    this.shownName = shownName;
    this.lookAhead = lookAhead;
  }

  abstract boolean matches(byte[] bytes);

  Orientation orientation(byte[] bytes) {
    return Orientation.UPRIGHT;
  }

  /** What the reader does not see by itself. */
  void requireWhole(byte[] bytes) {}

  ImageReaderSpi provider() {
    var providers =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (providers.hasNext()) {
      ImageReaderSpi provider = providers.next();
      if (provider.getClass().getName().startsWith(OF_THE_JDK)
          && Stream.of(provider.getFormatNames()).anyMatch(shownName::equalsIgnoreCase)) {
        return provider;
      }
    }
    throw new IllegalStateException("this JDK has no reader of " + shownName);
  }

  /** The format of a file by its first bytes; empty for JPEG, PNG and all others. */
  public static Optional<FurtherFormat> of(byte[] bytes) {
    return Arrays.stream(values()).filter(format -> format.matches(bytes)).findFirst();
  }

  /**
   * The file's first picture as it is displayed, laid over white where it is transparent; 16 bits
   * become the upper 8, as in a PNG.
   *
   * @return height x width x 3
   * @throws ImageRefusedException with the reason
   */
  public RasterImage decode(byte[] bytes, SizeLimit limit) {
    requireWhole(bytes);
    ImageReader reader = null;
    try (ImageInputStream in = new BoundedInput(bytes, shownName, lookAhead)) {
      reader = provider().createReaderInstance();
      reader.setInput(in, true, true);
      requireSizes(reader, limit);
      requireSamples(reader);
      BufferedImage image = reader.read(0);
      return orientation(bytes).upright(RgbPixels.of(image, shownName));
    } catch (ImageRefusedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Readers answer to bytes that make no sense with exceptions of any kind.
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new ImageRefusedException(
          Reason.CORRUPT,
          "is a corrupt %s: %s".formatted(shownName, reason.lines().findFirst().orElse("")));
    } finally {
      if (reader != null) {
        reader.dispose();
      }
    }
  }

  /** Before memory is asked for in the sizes that the file names. */
  private static void requireSizes(ImageReader reader, SizeLimit limit) throws IOException {
    limit.checkPixels(reader.getHeight(0), reader.getWidth(0));
    limit.checkPixels(reader.getTileHeight(0), reader.getTileWidth(0));
  }

  private void requireSamples(ImageReader reader) throws IOException {
    ImageTypeSpecifier type = reader.getRawImageType(0);
    if (type == null) {
      return;
    }
    int bits = 0;
    for (int band = 0; band < type.getNumBands(); band++) {
      bits = Math.max(bits, type.getBitsPerBand(band));
    }
    if (type.getNumBands() > MOST_BANDS || bits > MOST_BITS) {
      throw new ImageRefusedException(
          Reason.UNSUPPORTED,
          "is a %s of %d channels and %d bits, allowed are %d and %d"
              .formatted(shownName, type.getNumBands(), bits, MOST_BANDS, MOST_BITS));
    }
  }

  static boolean hasText(byte[] bytes, int at, String text) {
    byte[] expected = text.getBytes(StandardCharsets.ISO_8859_1);
    return bytes.length >= at + expected.length
        && Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length);
  }
}
