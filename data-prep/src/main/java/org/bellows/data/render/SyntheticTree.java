// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.render;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.bellows.conf.BellowsException;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.random.SplittableSeeds;
import org.bellows.data.random.SplittableSeeds.Purpose;
import org.bellows.data.storage.Storage;

/**
 * Draws {@code train|validation|test/class/*.jpg}: one bright object a picture, of random hue,
 * place, size and slight rotation, on a dark gradient with lines across it and noise. Colour says
 * nothing of the class.
 */
public final class SyntheticTree {
  /** How many classes there are. */
  public static final int CLASSES = SyntheticShape.values().length;

  private static final int LEAST_SIDE = 96;
  private static final int MOST_SIDE = 160;
  private static final double LEAST_SCALE = 0.32;
  private static final double MOST_SCALE = 0.46;
  private static final double MOST_ROTATION = StrictMath.PI / 9;

  /** Brightness in 0..255 of any channel of the ground, and of the brightest of an object. */
  private static final int DARK = 110;

  private static final int BRIGHT = 190;
  private static final int DISTRACTING_LINES = 3;
  private static final int NOISE = 36;

  /** One picture in eight goes to validation, one to test. */
  private static final int HELD_OUT_SHARE = 8;

  private SyntheticTree() {}

  /**
   * @param folder local; is created, and files of the same names are replaced
   * @param imagesPerClass in the three splits together, at least 8
   * @throws BellowsException (infrastructure) when it cannot be written
   */
  public static void render(Path folder, int imagesPerClass, long seed) {
    if (imagesPerClass < HELD_OUT_SHARE) {
      throw new IllegalArgumentException(
          imagesPerClass + " images a class, expected at least " + HELD_OUT_SHARE);
    }
    long renderingSeed = SplittableSeeds.derive(seed, Purpose.RENDERING);
    int heldOut = Math.round((float) imagesPerClass / HELD_OUT_SHARE);
    try {
      for (SyntheticShape object : SyntheticShape.values()) {
        for (int i = 0; i < imagesPerClass; i++) {
          String split = i < heldOut ? "validation" : i < 2 * heldOut ? "test" : "train";
          Path file =
              folder
                  .resolve(split)
                  .resolve(object.className())
                  .resolve("%s-%05d.jpg".formatted(object.className(), i));
          Files.createDirectories(file.getParent());
          long pictureSeed =
              SplittableSeeds.derive(SplittableSeeds.derive(renderingSeed, object.className()), i);
          write(draw(object, new SampleRandom(pictureSeed)), file);
        }
      }
    } catch (IOException e) {
      throw Storage.writeFailure("pictures into " + folder, e);
    }
  }

  static void write(BufferedImage image, Path file) throws IOException {
    if (!ImageIO.write(image, "jpg", file.toFile())) {
      throw new IOException("this Java has no JPEG writer");
    }
  }

  private static BufferedImage draw(SyntheticShape object, SampleRandom random) {
    int width = LEAST_SIDE + random.nextInt(MOST_SIDE - LEAST_SIDE + 1);
    int height = LEAST_SIDE + random.nextInt(MOST_SIDE - LEAST_SIDE + 1);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      drawGround(graphics, width, height, random);
      graphics.setColor(bright(random));
      graphics.fill(placement(width, height, random).createTransformedShape(object.shape()));
    } finally {
      graphics.dispose();
    }
    addNoiseInPlace(image, random);
    return image;
  }

  /** A dark gradient with lines. */
  static void drawGround(Graphics2D graphics, int width, int height, SampleRandom random) {
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setPaint(
        new GradientPaint(
            random.nextInt(width), 0, dark(random), random.nextInt(width), height, dark(random)));
    graphics.fillRect(0, 0, width, height);
    drawLines(graphics, width, height, random);
  }

  /** Thin lines, so that not every edge belongs to the object. */
  private static void drawLines(Graphics2D graphics, int width, int height, SampleRandom random) {
    int lines = random.nextInt(DISTRACTING_LINES + 1);
    graphics.setStroke(new BasicStroke(1.5f));
    for (int i = 0; i < lines; i++) {
      graphics.setColor(dark(random));
      graphics.drawLine(
          random.nextInt(width),
          random.nextInt(height),
          random.nextInt(width),
          random.nextInt(height));
    }
  }

  private static AffineTransform placement(int width, int height, SampleRandom random) {
    return placement(width, height, LEAST_SCALE, MOST_SCALE, random);
  }

  /**
   * A random place, size and rotation within a rectangle.
   *
   * @param leastScale of the radius, of the shorter side
   * @param mostScale likewise; at most 1/2
   */
  static AffineTransform placement(
      int width, int height, double leastScale, double mostScale, SampleRandom random) {
    double radius = Math.min(width, height) * random.nextDouble(leastScale, mostScale);
    double x = random.nextDouble(radius, width - radius);
    double y = random.nextDouble(radius, height - radius);
    double angle = random.nextDouble(-MOST_ROTATION, MOST_ROTATION);
    double sine = StrictMath.sin(angle) * radius;
    double cosine = StrictMath.cos(angle) * radius;
    return new AffineTransform(cosine, sine, -sine, cosine, x, y);
  }

  private static Color dark(SampleRandom random) {
    return new Color(random.nextInt(DARK), random.nextInt(DARK), random.nextInt(DARK));
  }

  /** Any hue, but never darker than the ground: a small network must learn shapes, not polarity. */
  static Color bright(SampleRandom random) {
    int[] channels = new int[3];
    for (int i = 0; i < channels.length; i++) {
      channels[i] = DARK + random.nextInt(256 - DARK);
    }
    int brightest = random.nextInt(channels.length);
    channels[brightest] = BRIGHT + random.nextInt(256 - BRIGHT);
    return new Color(channels[0], channels[1], channels[2]);
  }

  static void addNoiseInPlace(BufferedImage image, SampleRandom random) {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y);
        int noise = random.nextInt(NOISE) - NOISE / 2;
        int noisy = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
          int value = (rgb >> shift & 0xFF) + noise;
          noisy |= Math.max(0, Math.min(255, value)) << shift;
        }
        image.setRGB(x, y, noisy);
      }
    }
  }
}
