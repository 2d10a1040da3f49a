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
 * evaluation (not random). Threads share it.
 */
public final class InputTransform implements AutoCloseable {
  private final InputSpec input;
  private final Augmentation augmentation;
  private final PictureRenderer renderer;
  private final Normaliser normaliser;

  private InputTransform(InputSpec input, Augmentation augmentation, PictureRenderer renderer) {
    this.input = input;
    this.augmentation = augmentation;
    this.renderer = renderer;
    this.normaliser = new Normaliser(input.mean(), input.standardDeviation());
  }

  /** For samples of a prepared dataset, whose files are trusted to be sound. To be closed. */
  public static InputTransform training(InputSpec input) {
    return new InputTransform(
        input,
        Augmentations.training(input.augment(), input.height(), input.width()),
        PictureRenderer.trusting(decoder(), input.height(), input.width()));
  }

  /** Checks each file before it is decoded. Need not be closed. */
  public static InputTransform evaluation(InputSpec input) {
    return new InputTransform(
        input,
        Augmentations.evaluation(input.augment(), input.height(), input.width()),
        new PictureRenderer(decoder(), input.height(), input.width()));
  }

  /**
   * The cap on pixels was applied when the dataset was prepared; here only the hard limit holds.
   */
  private static ImageDecoder decoder() {
    return new ImageDecoder(ImageDecoder.MOST_PIXELS);
  }

  /**
   * @param epoch decides the augmentation's random numbers, together with the seed and the sample's
   *     id
   * @param out gets channels x height x width floats from {@code offset} on
   * @throws BellowsException (data) naming the sample when it cannot be decoded
   */
  public void apply(EncodedSample sample, int epoch, float[] out, int offset) {
    Placement placement = placement(sample, epoch);
    try {
      renderer.renderNormalised(sample, placement, normaliser, out, offset);
    } catch (ImageRefusedException e) {
      throw refused(sample, e);
    }
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

  /** Releases the renderer's native memory. */
  @Override
  public void close() {
    renderer.close();
  }

  private Placement placement(EncodedSample sample, int epoch) {
    SampleRandom random = SampleRandom.ofAugmentation(input.seed(), epoch, sample.id());
    return augmentation.place(sample.height(), sample.width(), random);
  }

  private Pixels render(EncodedSample sample, int epoch) {
    Placement placement = placement(sample, epoch);
    try {
      return renderer.render(sample, placement);
    } catch (ImageRefusedException e) {
      throw refused(sample, e);
    }
  }

  private static BellowsException refused(EncodedSample sample, ImageRefusedException cause) {
    return BellowsException.data(
        "sample %d of the dataset (%s) %s"
            .formatted(sample.id(), sample.source(), cause.getMessage()),
        cause);
  }

  private Pixels render(Pixels pixels) {
    SampleRandom random = SampleRandom.ofAugmentation(input.seed(), 0, 0);
    return renderer.render(pixels, augmentation.place(pixels.height(), pixels.width(), random));
  }
}
