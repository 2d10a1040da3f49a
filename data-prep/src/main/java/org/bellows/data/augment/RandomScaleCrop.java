// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment;

import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.random.SampleRandom;

/**
 * The picture zoomed by a random factor with its aspect ratio kept, then a window of the network's
 * size at a random place: what networks that label pixels are trained with (Chen et al. 2016,
 * "DeepLab", section 4.1; Zhao et al. 2017, "PSPNet", section 5.1). If the zoomed picture is
 * smaller than the window, it is placed at random in it; the rest is padding.
 *
 * <p>Deviation: the window's part is cut out first, on whole pixels of the picture, and zoomed
 * afterwards, so that no more is scaled than is seen; its edges move by less than one pixel of the
 * picture.
 *
 * @param height of the window
 * @param width of the window
 * @param shorterSide of the picture at zoom 1; 0: the picture then just covers the window
 * @param least zoom
 * @param most zoom
 */
public record RandomScaleCrop(int height, int width, int shorterSide, double least, double most)
    implements Augmentation {

  @Override
  public Placement place(int pictureHeight, int pictureWidth, SampleRandom random) {
    double base =
        shorterSide > 0
            ? (double) shorterSide / Math.min(pictureHeight, pictureWidth)
            : Math.max((double) height / pictureHeight, (double) width / pictureWidth);
    double zoom = base * random.nextDouble(least, most);
    Stretch rows = stretch(pictureHeight, height, zoom, random);
    Stretch columns = stretch(pictureWidth, width, zoom, random);
    Region region = new Region(rows.from(), columns.from(), rows.length(), columns.length());
    return new Placement(
        region, rows.scaled(), columns.scaled(), -rows.padding(), -columns.padding(), false);
  }

  /**
   * One of the two directions.
   *
   * @param from first pixel of the picture that is seen
   * @param length pixels of the picture that are seen
   * @param scaled their length in the window
   * @param padding of the window before them
   */
  private record Stretch(int from, int length, int scaled, int padding) {}

  private static Stretch stretch(int picture, int window, double zoom, SampleRandom random) {
    int zoomed = (int) Math.max(1, Math.round(picture * zoom));
    if (zoomed <= window) {
      return new Stretch(0, picture, zoomed, random.nextInt(window - zoomed + 1));
    }
    int length = (int) Math.max(1, Math.min(picture, Math.round(window / zoom)));
    return new Stretch(random.nextInt(picture - length + 1), length, window, 0);
  }
}
