package org.bellows.data.batch;

import org.bellows.conf.BellowsException;
import org.bellows.data.augment.Augmentation;
import org.bellows.data.augment.Augmentations;
import org.bellows.data.augment.Normaliser;
import org.bellows.data.augment.PictureRenderer;
import org.bellows.data.augment.Placement;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.ImageRefusedException;
import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.Pixels;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.shard.EncodedSample;

/**
 * One picture's way to the network's input of channels x height x width, for training (random) or
 * evaluation (not random). Immutable; threads share it.
 */
public final class InputTransform {
  private final InputSpec input;
  private final Augmentation augmentation;
  private final PictureRenderer renderer;
  private final Normaliser normaliser;

  private InputTransform(InputSpec input, Augmentation augmentation) {
    this.input = input;
    this.augmentation = augmentation;
    // The cap on pixels was applied when the dataset was prepared; here only the hard limit holds.
    this.renderer =
        new PictureRenderer(
            new ImageDecoder(ImageDecoder.MOST_PIXELS), input.height(), input.width());
    this.normaliser = new Normaliser(input.mean(), input.standardDeviation());
  }

  public static InputTransform training(InputSpec input) {
    return new InputTransform(
        input, Augmentations.training(input.augment(), input.height(), input.width()));
  }

  public static InputTransform evaluation(InputSpec input) {
    return new InputTransform(
        input, Augmentations.evaluation(input.augment(), input.height(), input.width()));
  }

  /**
   * @param epoch decides the augmentation's random numbers, together with the seed and the sample's
   *     id
   * @param out gets channels x height x width floats from {@code offset} on
   * @throws BellowsException (data) naming the sample when it cannot be decoded
   */
  public void apply(EncodedSample sample, int epoch, float[] out, int offset) {
    normaliser.normalise(render(sample, epoch), out, offset);
  }

  /**
   * The single-picture path of prediction, as in epoch 0.
   *
   * @param pixels any height and width, 1 or 3 channels
   * @return channels x height x width
   */
  public float[] apply(Pixels pixels) {
    float[] out = new float[input.sampleLength()];
    normaliser.normalise(render(pixels), out, 0);
    return out;
  }

  /** What the network sees, before normalisation: height x width x channels of the network. */
  public Pixels picture(EncodedSample sample, int epoch) {
    return normaliser.convert(render(sample, epoch));
  }

  /** What the network sees of this picture in evaluation, before normalisation. */
  public Pixels picture(Pixels pixels) {
    return normaliser.convert(render(pixels));
  }

  /** The picture as a PNG file. */
  public static byte[] png(Pixels pixels) {
    return OpenCv.png(pixels);
  }

  private Pixels render(EncodedSample sample, int epoch) {
    SampleRandom random = SampleRandom.ofAugmentation(input.seed(), epoch, sample.id());
    Placement placement = augmentation.place(sample.height(), sample.width(), random);
    try {
      return renderer.render(sample, placement);
    } catch (ImageRefusedException e) {
      throw BellowsException.data(
          "sample %d of the dataset (%s) %s"
              .formatted(sample.id(), sample.source(), e.getMessage()),
          e);
    }
  }

  private Pixels render(Pixels pixels) {
    SampleRandom random = SampleRandom.ofAugmentation(input.seed(), 0, 0);
    return renderer.render(pixels, augmentation.place(pixels.height(), pixels.width(), random));
  }
}
