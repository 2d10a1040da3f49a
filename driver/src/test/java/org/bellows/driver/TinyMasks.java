// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Five pictures of several sizes with masks: class b on the left, d on the right, of a to e. */
public final class TinyMasks {
  private static final int PICTURES = 5;

  private TinyMasks() {}

  /** Returns the folder of the dataset that is prepared from them; its split is train. */
  public static Path prepare(Path folder) throws IOException {
    return TinyTree.prepared(
        render(folder), folder.resolve("dataset"), "--set=source.pixel-classes=[a,b,c,d,e]");
  }

  /** Returns the folder of images and masks, which are called the same. */
  public static Path render(Path folder) throws IOException {
    for (int i = 0; i < PICTURES; i++) {
      int height = 50 - i;
      int width = 40 + i;
      BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      BufferedImage mask = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
      for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++) {
          picture.setRGB(column, row, (row * 5 << 16) + (column * 4 << 8) + i * 40);
          mask.getRaster().setSample(column, row, 0, column < 20 ? 1 : 3);
        }
      }
      write(picture, folder.resolve("source/images/" + i + ".png"));
      write(mask, folder.resolve("source/masks/" + i + ".png"));
    }
    return folder.resolve("source");
  }

  private static void write(BufferedImage image, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }
}
