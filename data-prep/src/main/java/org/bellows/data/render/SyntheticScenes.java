// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.render;

import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.bellows.conf.BellowsException;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.random.SplittableSeeds;
import org.bellows.data.random.SplittableSeeds.Purpose;
import org.bellows.data.storage.Storage;

/**
 * Draws pictures with none to four of the objects of {@link SyntheticTree}, each of another class
 * and in another quarter, and {@code manifest.jsonl} with the list of their classes: data with any
 * number of labels a picture.
 */
public final class SyntheticScenes {
  private static final int LEAST_SIDE = 112;
  private static final int MOST_SIDE = 144;

  /** Of a quarter's shorter side. */
  private static final double LEAST_SCALE = 0.38;

  private static final double MOST_SCALE = 0.48;

  /** Quarters of a picture. */
  private static final int CELLS = 4;

  /** One picture in eight goes to validation, one to test. */
  private static final int HELD_OUT_SHARE = 8;

  private SyntheticScenes() {}

  /**
   * @param folder local; is created, and files of the same names are replaced
   * @param pictures in the three splits together, at least 8
   * @throws BellowsException (infrastructure) when it cannot be written
   */
  public static void render(Path folder, int pictures, long seed) {
    if (pictures < HELD_OUT_SHARE) {
      throw new IllegalArgumentException(
          pictures + " pictures, expected at least " + HELD_OUT_SHARE);
    }
    long renderingSeed = SplittableSeeds.derive(seed, Purpose.RENDERING);
    int heldOut = Math.round((float) pictures / HELD_OUT_SHARE);
    List<String> lines = new ArrayList<>();
    try {
      Files.createDirectories(folder.resolve("images"));
      for (int i = 0; i < pictures; i++) {
        SampleRandom random = new SampleRandom(SplittableSeeds.derive(renderingSeed, i));
        List<SyntheticShape> shapes = shapes(random);
        String name = "images/%05d.jpg".formatted(i);
        SyntheticTree.write(draw(shapes, random), folder.resolve(name));
        String split = i < heldOut ? "validation" : i < 2 * heldOut ? "test" : "train";
        lines.add(line(name, shapes, split));
      }
      Files.write(folder.resolve("manifest.jsonl"), lines, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw Storage.writeFailure("pictures into " + folder, e);
    }
  }

  /** 0 to 4 of them, in the order of the classes. */
  private static List<SyntheticShape> shapes(SampleRandom random) {
    SyntheticShape[] all = SyntheticShape.values();
    int count = random.nextInt(CELLS + 1);
    int[] order = random.permutation(all.length);
    List<SyntheticShape> shapes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shapes.add(all[order[i]]);
    }
    shapes.sort(null);
    return shapes;
  }

  private static String line(String name, List<SyntheticShape> shapes, String split) {
    String labels =
        shapes.stream()
            .map(shape -> '"' + shape.className() + '"')
            .collect(Collectors.joining(", "));
    return "{\"path\": \"%s\", \"label\": [%s], \"split\": \"%s\"}".formatted(name, labels, split);
  }

  private static BufferedImage draw(List<SyntheticShape> shapes, SampleRandom random) {
    int width = LEAST_SIDE + random.nextInt(MOST_SIDE - LEAST_SIDE + 1);
    int height = LEAST_SIDE + random.nextInt(MOST_SIDE - LEAST_SIDE + 1);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      SyntheticTree.drawGround(graphics, width, height, random);
      int[] cells = random.permutation(CELLS);
      for (int i = 0; i < shapes.size(); i++) {
        graphics.setColor(SyntheticTree.bright(random));
        AffineTransform place =
            AffineTransform.getTranslateInstance(
                cells[i] % 2 * (width / 2), cells[i] / 2 * (height / 2));
        place.concatenate(
            SyntheticTree.placement(width / 2, height / 2, LEAST_SCALE, MOST_SCALE, random));
        graphics.fill(place.createTransformedShape(shapes.get(i).shape()));
      }
    } finally {
      graphics.dispose();
    }
    SyntheticTree.addNoiseInPlace(image, random);
    return image;
  }
}
