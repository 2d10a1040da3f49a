// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.io.Serializable;
import java.util.List;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.manifest.Split;

/**
 * Everything that decides how a picture becomes the network's input of channels x height x width.
 *
 * @param mean of each of the network's channels, 0..1
 * @param standardDeviation of each of the network's channels, 0..1
 * @param seed of the augmentations
 * @param maskFill label of pixels that augmentations uncover in a label map
 */
public record InputSpec(
    AugmentSettings augment,
    int channels,
    int height,
    int width,
    float[] mean,
    float[] standardDeviation,
    long seed,
    int maskFill)
    implements Serializable {
  private static final double[] LUMA = {0.299, 0.587, 0.114};

  /** A channel that never varies would be divided by zero. */
  private static final double LEAST_DEVIATION = 1.0 / 255;

  public InputSpec {
    mean = mean.clone();
    standardDeviation = standardDeviation.clone();
    if (mean.length != channels || standardDeviation.length != channels) {
      throw new IllegalArgumentException(
          "%d means and %d deviations for %d channels"
              .formatted(mean.length, standardDeviation.length, channels));
    }
  }

  /** With {@code augment.mask-fill} as it is. */
  public InputSpec(
      AugmentSettings augment,
      int channels,
      int height,
      int width,
      float[] mean,
      float[] standardDeviation,
      long seed) {
    this(augment, channels, height, width, mean, standardDeviation, seed, augment.maskFill());
  }

  /**
   * Normalises by {@code augment.mean} and {@code augment.standard-deviation}; where they are
   * empty, by the statistics of the split, brought to the model's number of channels.
   */
  public static InputSpec of(
      AugmentSettings augment, Settings.Model model, Split statistics, long seed) {
    return new InputSpec(
        augment,
        model.channels(),
        model.heightPixels(),
        model.widthPixels(),
        toChannels(stated(augment.mean(), statistics.mean()), model.channels(), 0),
        toChannels(
            stated(augment.standardDeviation(), statistics.standardDeviation()),
            model.channels(),
            LEAST_DEVIATION),
        seed,
        maskFill(augment, statistics));
  }

  /** Void where none is stated and labels have void: only then are labels of pixels counted. */
  private static int maskFill(AugmentSettings augment, Split statistics) {
    boolean hasVoid = !statistics.labelPixels().isEmpty();
    return augment.maskFill() == 0 && hasVoid ? PixelClass.VOID : augment.maskFill();
  }

  @Override
  public float[] mean() {
    return mean.clone();
  }

  @Override
  public float[] standardDeviation() {
    return standardDeviation.clone();
  }

  /** Floats of one sample. */
  public int sampleLength() {
    return channels * height * width;
  }

  private static List<Double> stated(List<Double> setting, List<Double> ofSplit) {
    return setting.isEmpty() ? ofSplit : setting;
  }

  /**
   * RGB to grey weighs by luma; for the deviation that is what it would be if the channels rose and
   * fell together, near enough for scaling inputs.
   */
  private static float[] toChannels(List<Double> statistics, int channels, double least) {
    double grey = statistics.get(0);
    if (statistics.size() == LUMA.length) {
      grey = 0;
      for (int channel = 0; channel < LUMA.length; channel++) {
        grey += LUMA[channel] * statistics.get(channel);
      }
    }
    float[] result = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      double value = statistics.size() == channels ? statistics.get(channel) : grey;
      result[channel] = (float) Math.max(least, value);
    }
    return result;
  }
}
