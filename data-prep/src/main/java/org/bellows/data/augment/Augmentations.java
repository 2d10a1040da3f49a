package org.bellows.data.augment;

import org.bellows.conf.Settings;

/** From the settings to augmentations: the one place that knows them all. */
public final class Augmentations {
  private Augmentations() {}

  /**
   * @param height of the network's input
   * @param width of the network's input
   */
  public static Augmentation training(Settings.Augment augment, int height, int width) {
    Augmentation crop =
        switch (augment.crop()) {
          case RESIZE -> new Stretch(height, width);
          case CENTRE -> centreCrop(augment, height, width);
          case PADDED -> new PaddedCrop(height, width, augment.paddingPixels());
          case RANDOM_RESIZED ->
              new RandomResizedCrop(
                  height,
                  width,
                  augment.scaleMin(),
                  augment.scaleMax(),
                  augment.ratioMin(),
                  augment.ratioMax());
        };
    return augment.mirror() ? new Mirror(crop) : crop;
  }

  /** Without chance: the same picture in every epoch. */
  public static Augmentation evaluation(Settings.Augment augment, int height, int width) {
    return switch (augment.evaluationCrop()) {
      case RESIZE -> new Stretch(height, width);
      case CENTRE -> centreCrop(augment, height, width);
    };
  }

  private static Augmentation centreCrop(Settings.Augment augment, int height, int width) {
    int shorterSide =
        augment.resizePixels() == 0 ? Math.max(height, width) : augment.resizePixels();
    return new CentreCrop(height, width, shorterSide);
  }
}
