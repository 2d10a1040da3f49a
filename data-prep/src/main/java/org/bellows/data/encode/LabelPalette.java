// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.encode;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.PixelClass;

/**
 * Colours of labels, and label maps as PNG files with them: 8 bits a pixel, whose index is the
 * label, and 256 colours, as PASCAL VOC's masks are. Programs that read indices (Pillow's {@code
 * Image.open}, {@code prepare}) get the labels; viewers show the colours.
 *
 * @param classes by label; labels past them, void among them, have VOC's colours
 */
public record LabelPalette(List<PixelClass> classes) implements Serializable {
  private static final int LABELS = 256;
  private static final int BITS = 8;

  public LabelPalette {
    classes = List.copyOf(classes);
  }

  /** red x 65536 + green x 256 + blue. */
  public int colour(int label) {
    return label < classes.size() ? classes.get(label).rgb() : PixelClass.vocColour(label);
  }

  /**
   * @param labels height x width x 1
   */
  public byte[] png(RasterImage labels) {
    BufferedImage image =
        new BufferedImage(
            labels.width(), labels.height(), BufferedImage.TYPE_BYTE_INDEXED, colours());
    byte[] indices = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    System.arraycopy(labels.interleaved(), 0, indices, 0, indices.length);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    // ImageIO.write would go through a file of its own.
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
      writer.setOutput(out);
      writer.write(new IIOImage(image, null, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return file.toByteArray();
  }

  private IndexColorModel colours() {
    byte[] red = new byte[LABELS];
    byte[] green = new byte[LABELS];
    byte[] blue = new byte[LABELS];
    for (int label = 0; label < LABELS; label++) {
      int colour = colour(label);
      red[label] = (byte) (colour >> 2 * BITS);
      green[label] = (byte) (colour >> BITS);
      blue[label] = (byte) colour;
    }
    return new IndexColorModel(BITS, LABELS, red, green, blue);
  }
}
