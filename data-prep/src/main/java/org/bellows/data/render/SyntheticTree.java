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

/**
 * Draws {@code train|validation|test/class/*.jpg}: one object a picture, of random colour, place,
 * size and rotation, on a gradient with lines across it and noise. Colour says nothing of the
 * class.
 */
public final class SyntheticTree {
  private static final int LEAST_SIDE = 96;
  private static final int MOST_SIDE = 160;
  private static final double LEAST_SCALE = 0.24;
  private static final double MOST_SCALE = 0.42;
  private static final int LEAST_CONTRAST = 150;
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
      for (DrawnObject object : DrawnObject.values()) {
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
      throw BellowsException.infrastructure(
          "drawing pictures into " + folder + " failed: " + e.getMessage(), e);
    }
  }

  private static void write(BufferedImage image, Path file) throws IOException {
    if (!ImageIO.write(image, "jpg", file.toFile())) {
      throw new IOException("this Java has no JPEG writer");
    }
  }

  private static BufferedImage draw(DrawnObject object, SampleRandom random) {
    int width = LEAST_SIDE + random.nextInt(MOST_SIDE - LEAST_SIDE + 1);
    int height = LEAST_SIDE + random.nextInt(MOST_SIDE - LEAST_SIDE + 1);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      Color from = colour(random);
      Color to = colour(random);
      graphics.setPaint(
          new GradientPaint(random.nextInt(width), 0, from, random.nextInt(width), height, to));
      graphics.fillRect(0, 0, width, height);
      drawLines(graphics, width, height, random);
      graphics.setColor(contrasting(from, to, random));
      graphics.fill(placement(width, height, random).createTransformedShape(object.shape()));
    } finally {
      graphics.dispose();
    }
    addNoiseInPlace(image, random);
    return image;
  }

  /** Thin lines, so that not every edge belongs to the object. */
  private static void drawLines(Graphics2D graphics, int width, int height, SampleRandom random) {
    int lines = random.nextInt(DISTRACTING_LINES + 1);
    graphics.setStroke(new BasicStroke(1.5f));
    for (int i = 0; i < lines; i++) {
      graphics.setColor(colour(random));
      graphics.drawLine(
          random.nextInt(width),
          random.nextInt(height),
          random.nextInt(width),
          random.nextInt(height));
    }
  }

  private static AffineTransform placement(int width, int height, SampleRandom random) {
    double radius = Math.min(width, height) * random.nextDouble(LEAST_SCALE, MOST_SCALE);
    double x = random.nextDouble(radius, width - radius);
    double y = random.nextDouble(radius, height - radius);
    double angle = random.nextDouble(0, 2 * StrictMath.PI);
    double sine = StrictMath.sin(angle) * radius;
    double cosine = StrictMath.cos(angle) * radius;
    return new AffineTransform(cosine, sine, -sine, cosine, x, y);
  }

  private static Color colour(SampleRandom random) {
    return new Color(random.nextInt(256), random.nextInt(256), random.nextInt(256));
  }

  /** Drawn again until it stands out from both ends of the gradient, or the tries run out. */
  private static Color contrasting(Color from, Color to, SampleRandom random) {
    Color best = colour(random);
    for (int tries = 0; tries < 50 && contrast(best, from, to) < LEAST_CONTRAST; tries++) {
      Color other = colour(random);
      best = contrast(other, from, to) > contrast(best, from, to) ? other : best;
    }
    return best;
  }

  private static int contrast(Color colour, Color from, Color to) {
    return Math.min(distance(colour, from), distance(colour, to));
  }

  private static int distance(Color a, Color b) {
    return Math.abs(a.getRed() - b.getRed())
        + Math.abs(a.getGreen() - b.getGreen())
        + Math.abs(a.getBlue() - b.getBlue());
  }

  private static void addNoiseInPlace(BufferedImage image, SampleRandom random) {
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
