// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.BellowsException;
import org.bellows.data.augment.Augmentations;
import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.augment.picture.PixelAugmentation;
import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.augment.planes.ChannelPlanes;
import org.bellows.data.augment.planes.Normalizer;
import org.bellows.data.augment.planes.TensorAugmentation;
import org.bellows.data.augment.render.SampleRenderer;
import org.bellows.data.augment.render.TargetWindow;
import org.bellows.data.augment.render.TrustedRenderer;
import org.bellows.data.border.BorderWeights;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.shard.EncodedSample;

/**
 * A sample of a prepared dataset -> the network's input of channels x height x width, augmented for
 * training. The file is trusted to be sound, since {@code prepare} checked it. Threads share it.
 */
public final class TrainingTransform implements AutoCloseable {
  private static final float WHITE = 255;

  /** Most that are drawn of one sample. */
  private static final int CROPS = 10;

  private final InputSpec input;
  private final Augmentation placing;
  private final SampleRenderer renderer;
  private final LabelMapTransform labelMaps;
  private final List<PixelAugmentation> pictures;
  private final Normalizer normaliser;
  private final List<TensorAugmentation> planes;
  private final double mostOfClass;
  private final Optional<BorderWeights> borders;

  /** Without weights of borders. */
  public TrainingTransform(InputSpec input) {
    this(input, Optional.empty());
  }

  /**
   * @param borders weights of pixels between objects; all samples then have label maps with the
   *     numbers of objects
   */
  public TrainingTransform(InputSpec input, Optional<BorderWeights> borders) {
    // The cap on pixels was applied when the dataset was prepared; here only the hard limit holds.
    ImageDecoder decoder = new ImageDecoder(ImageDecoder.MOST_PIXELS);
    this.input = input;
    this.borders = borders;
    this.placing = Augmentations.training(input.augment(), input.height(), input.width());
    this.renderer = new TrustedRenderer(decoder, window(input));
    this.labelMaps = new LabelMapTransform(input);
    this.pictures = Augmentations.pictures(input.augment(), input.maskFill());
    this.mostOfClass = input.augment().classShareMax();
    this.normaliser = new Normalizer(input.mean(), input.standardDeviation());
    this.planes = Augmentations.planes(input.augment(), normaliser);
  }

  /** Around a picture that random zoom made smaller than the window is the mean. */
  private static TargetWindow window(InputSpec input) {
    if (input.augment().crop() != AugmentSettings.Crop.RANDOM_SCALE) {
      return new TargetWindow(input.height(), input.width());
    }
    List<Integer> mean = new ArrayList<>();
    for (float share : input.mean()) {
      mean.add(Math.round(WHITE * share));
    }
    return new TargetWindow(input.height(), input.width(), mean);
  }

  /**
   * @param epoch decides the augmentations' random numbers, together with the seed and the sample's
   *     id
   * @param out gets channels x height x width floats from {@code offset} on
   * @return the label map that belongs to it, height x width, row-major; null where the sample has
   *     none
   * @throws BellowsException (data) naming the sample when it cannot be decoded
   */
  public byte[] apply(EncodedSample sample, int epoch, float[] out, int offset) {
    SampleRandom random = SampleRandom.ofAugmentation(input.seed(), epoch, sample.id());
    return apply(sample, random, out, offset, null, 0);
  }

  /**
   * As above.
   *
   * @param random of the augmentations
   * @param weights where these are wanted, gets height x width weights of borders
   * @param first index of the first of them
   */
  byte[] apply(
      EncodedSample sample,
      SampleRandom random,
      float[] out,
      int offset,
      float[] weights,
      int first) {
    RasterImage mask;
    try {
      RasterImage labels = labels(sample);
      Placement placement = place(sample, labels, random);
      mask = labels == null ? null : labelMaps.placed(labels, placement);
      if (pictures.isEmpty()) {
        renderer.renderNormalised(sample, placement, normaliser, out, offset);
      } else {
        MaskedPicture placed = new MaskedPicture(renderer.render(sample, placement), mask);
        MaskedPicture changed = changed(placed, random);
        normaliser.normalise(changed.pixels(), out, offset);
        mask = changed.mask();
      }
    } catch (ImageRefusedException e) {
      throw UnreadableSampleMessage.of(sample, e);
    }
    for (TensorAugmentation augmentation : planes) {
      augmentation.applyInPlace(
          new ChannelPlanes(out, offset, input.channels(), input.height(), input.width()), random);
    }
    if (mask == null) {
      return null;
    }
    // The map belongs to the picture as it is after augmentation.
    if (borders.isPresent()) {
      borders.get().write(mask, weights, first);
    }
    return LabelMaps.labels(mask).interleaved();
  }

  private RasterImage labels(EncodedSample sample) {
    if (sample.mask() == null) {
      return null;
    }
    return borders.isPresent() ? LabelMaps.withInstances(sample) : LabelMaps.of(sample);
  }

  /**
   * A crop that one class has nearly to itself is drawn again ({@code cat_max_ratio} of
   * MMSegmentation); the last one is taken as it is.
   */
  private Placement place(EncodedSample sample, RasterImage labels, SampleRandom random) {
    Placement placement = placing.place(sample.height(), sample.width(), random);
    if (labels != null && mostOfClass < 1) {
      for (int again = 1; again < CROPS; again++) {
        if (largestShare(labelMaps.placed(labels, placement)) <= mostOfClass) {
          return placement;
        }
        placement = placing.place(sample.height(), sample.width(), random);
      }
    }
    return placement;
  }

  /** The largest share of a label among the pixels that are not void; 1 if all are void. */
  private static double largestShare(RasterImage labels) {
    int[] pixels = new int[PixelClass.VOID + 1];
    for (byte label : LabelMaps.labels(labels).interleaved()) {
      pixels[label & 0xFF]++;
    }
    int most = 0;
    int all = 0;
    for (int label = 0; label < PixelClass.VOID; label++) {
      most = Math.max(most, pixels[label]);
      all += pixels[label];
    }
    return all == 0 ? 1 : (double) most / all;
  }

  private MaskedPicture changed(MaskedPicture picture, SampleRandom random) {
    MaskedPicture changed = picture;
    for (PixelAugmentation augmentation : pictures) {
      changed = augmentation.apply(changed, random);
    }
    return changed;
  }

  /** Releases the renderer's native memory. */
  @Override
  public void close() {
    renderer.close();
  }
}
