// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment;

import java.util.ArrayList;
import java.util.List;
import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.random.SampleRandom;

/**
 * One of ten views whose answers are averaged: Krizhevsky et al. 2012, "ImageNet Classification
 * with Deep Convolutional Neural Networks", section 4.1: "extracting five 224 x 224 patches (the
 * four corner patches and the center patch) as well as their horizontal reflections". The paper
 * resizes the shorter side to 256 first.
 *
 * <p>Deviation: as in {@link CenterCrop}, patches are cut on whole pixels of the source and scaled
 * afterwards.
 *
 * @param shorterSide more than height and width, so that the corners differ
 * @param patch its position
 */
public record TenCrop(int height, int width, int shorterSide, View patch, boolean mirrored)
    implements Augmentation {
  /** The patches, the one that a person would look at first. */
  public enum View {
    CENTRE,
    UPPER_LEFT,
    UPPER_RIGHT,
    LOWER_LEFT,
    LOWER_RIGHT
  }

  /** All ten, the centre first, each patch before its mirror image. */
  public static List<Augmentation> views(int height, int width, int shorterSide) {
    List<Augmentation> views = new ArrayList<>();
    for (View patch : View.values()) {
      views.add(new TenCrop(height, width, shorterSide, patch, false));
      views.add(new TenCrop(height, width, shorterSide, patch, true));
    }
    return List.copyOf(views);
  }

  @Override
  public Placement place(int pictureHeight, int pictureWidth, SampleRandom random) {
    Placement centre =
        new CenterCrop(height, width, shorterSide).place(pictureHeight, pictureWidth, random);
    Region middle = centre.region();
    int bottom = pictureHeight - middle.height();
    int right = pictureWidth - middle.width();
    int top =
        switch (patch) {
          case CENTRE -> middle.top();
          case UPPER_LEFT, UPPER_RIGHT -> 0;
          case LOWER_LEFT, LOWER_RIGHT -> bottom;
        };
    int left =
        switch (patch) {
          case CENTRE -> middle.left();
          case UPPER_LEFT, LOWER_LEFT -> 0;
          case UPPER_RIGHT, LOWER_RIGHT -> right;
        };
    Region region = new Region(top, left, middle.height(), middle.width());
    return new Placement(region, height, width, 0, 0, mirrored);
  }
}
