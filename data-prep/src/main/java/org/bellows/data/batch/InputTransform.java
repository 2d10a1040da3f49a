package org.bellows.data.batch;

import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.data.augment.Augmentations;
import org.bellows.data.augment.MaskRenderer;
import org.bellows.data.augment.PictureRenderer;
import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.augment.picture.PictureAugmentation;
import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.augment.planes.Normaliser;
import org.bellows.data.augment.planes.PlaneAugmentation;
import org.bellows.data.augment.planes.Planes;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.Pixels;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.shard.EncodedSample;

/**
 * One picture's way to the network's input of channels x height x width, for training (random) or
 * evaluation (not random; possibly several views of it). Threads share it.
 */
public final class InputTransform implements AutoCloseable {
  private final InputSpec input;
  private final List<Augmentation> views;
  private final List<PictureAugmentation> pictures;
  private final List<PlaneAugmentation> planes;
  private final ImageDecoder decoder;
  private final PictureRenderer renderer;
  private final MaskRenderer maskRenderer;
  private final Normaliser normaliser;

  private InputTransform(
      InputSpec input, List<Augmentation> views, PictureRenderer renderer, boolean isTraining) {
    this.input = input;
    this.views = views;
    this.decoder = decoder();
    this.renderer = renderer;
    this.maskRenderer = new MaskRenderer(input.height(), input.width(), input.augment().maskFill());
    this.normaliser = new Normaliser(input.mean(), input.standardDeviation());
    this.pictures = isTraining ? Augmentations.pictures(input.augment()) : List.of();
    this.planes = isTraining ? Augmentations.planes(input.augment(), normaliser) : List.of();
  }

  /** For samples of a prepared dataset, whose files are trusted to be sound. To be closed. */
  public static InputTransform training(InputSpec input) {
    Augmentation placement = Augmentations.training(input.augment(), input.height(), input.width());
    PictureRenderer renderer = PictureRenderer.trusting(decoder(), input.height(), input.width());
    return new InputTransform(input, List.of(placement), renderer, true);
  }

  /** Checks each file before it is decoded. Need not be closed. */
  public static InputTransform evaluation(InputSpec input) {
    return new InputTransform(
        input,
        Augmentations.evaluation(input.augment(), input.height(), input.width()),
        new PictureRenderer(decoder(), input.height(), input.width()),
        false);
  }

  /**
   * As {@link #evaluation}, with the same result, of files that were checked before: those of a
   * prepared dataset, or what {@link ImageDecoder#inspected} gave. To be closed.
   */
  public static InputTransform evaluationOfChecked(InputSpec input) {
    return new InputTransform(
        input,
        Augmentations.evaluation(input.augment(), input.height(), input.width()),
        PictureRenderer.trusting(decoder(), input.height(), input.width()),
        false);
  }

  /**
   * The cap on pixels was applied when the dataset was prepared; here only the hard limit holds.
   */
  private static ImageDecoder decoder() {
    return new ImageDecoder(ImageDecoder.MOST_PIXELS);
  }

  /** How many pictures of channels x height x width come out of one. */
  public int views() {
    return views.size();
  }

  /** As below, of a sample whose label map, if it has one, is not wanted. */
  public void apply(EncodedSample sample, int epoch, float[] out, int offset) {
    applyWithMask(sample.withoutMask(), epoch, out, offset);
  }

  /**
   * @param epoch decides the augmentations' random numbers, together with the seed and the sample's
   *     id
   * @param out gets views x channels x height x width floats from {@code offset} on
   * @return the label map that belongs to it, height x width, row-major; null where the sample has
   *     none, and where there is more than one view
   * @throws BellowsException (data) naming the sample when it cannot be decoded
   */
  public byte[] applyWithMask(EncodedSample sample, int epoch, float[] out, int offset) {
    SampleRandom random = SampleRandom.ofAugmentation(input.seed(), epoch, sample.id());
    try {
      if (views() > 1) {
        applyViews(decoder.decode(sample), random, out, offset);
        return null;
      }
      return applyOne(sample, random, out, offset);
    } catch (ImageRefusedException e) {
      throw BellowsException.data(
          "sample %d of the dataset (%s) %s"
              .formatted(sample.id(), sample.source(), e.getMessage()),
          e);
    }
  }

  /**
   * The single-picture path of prediction, as in epoch 0.
   *
   * @param pixels any height and width, 1 or 3 channels
   * @return views x channels x height x width
   */
  public float[] apply(Pixels pixels) {
    float[] out = new float[views() * input.sampleLength()];
    applyViews(pixels, SampleRandom.ofAugmentation(input.seed(), 0, 0), out, 0);
    return out;
  }

  /**
   * What the network sees, turned back into pixels: height x width x channels of the network. Of
   * several views the first.
   */
  public Pixels picture(EncodedSample sample, int epoch) {
    float[] out = new float[views() * input.sampleLength()];
    apply(sample, epoch, out, 0);
    return denormalise(out, 0);
  }

  /** What the network sees, with its label map. */
  public MaskedPicture pictureWithMask(EncodedSample sample, int epoch) {
    float[] out = new float[views() * input.sampleLength()];
    byte[] mask = applyWithMask(sample, epoch, out, 0);
    Pixels labels = mask == null ? null : new Pixels(input.height(), input.width(), 1, mask);
    return new MaskedPicture(denormalise(out, 0), labels);
  }

  /** What the network sees of this picture, turned back into pixels; of several views the first. */
  public Pixels picture(Pixels pixels) {
    return denormalise(apply(pixels), 0);
  }

  /** A normalised picture, channels x height x width from the offset on, as pixels. */
  Pixels denormalise(float[] values, int offset) {
    return normaliser.denormalise(planes(values, offset));
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

  private void applyViews(Pixels decoded, SampleRandom random, float[] out, int offset) {
    for (int view = 0; view < views(); view++) {
      Placement placement = views.get(view).place(decoded.height(), decoded.width(), random);
      MaskedPicture picture = new MaskedPicture(renderer.render(decoded, placement), null);
      int at = offset + view * input.sampleLength();
      normaliser.normalise(changed(picture, random).pixels(), out, at);
      changePlanes(random, out, at);
    }
  }

  private byte[] applyOne(EncodedSample sample, SampleRandom random, float[] out, int offset) {
    Placement placement = views.get(0).place(sample.height(), sample.width(), random);
    Pixels mask =
        sample.mask() == null
            ? null
            : maskRenderer.render(LabelMaps.of(decoder, sample), placement);
    if (pictures.isEmpty()) {
      renderer.renderNormalised(sample, placement, normaliser, out, offset);
    } else {
      MaskedPicture picture = new MaskedPicture(renderer.render(sample, placement), mask);
      MaskedPicture changed = changed(picture, random);
      normaliser.normalise(changed.pixels(), out, offset);
      mask = changed.mask();
    }
    changePlanes(random, out, offset);
    return mask == null ? null : mask.interleaved();
  }

  private MaskedPicture changed(MaskedPicture picture, SampleRandom random) {
    MaskedPicture changed = picture;
    for (PictureAugmentation augmentation : pictures) {
      changed = augmentation.apply(changed, random);
    }
    return changed;
  }

  private void changePlanes(SampleRandom random, float[] out, int offset) {
    for (PlaneAugmentation augmentation : planes) {
      augmentation.applyInPlace(planes(out, offset), random);
    }
  }

  private Planes planes(float[] values, int offset) {
    return new Planes(values, offset, input.channels(), input.height(), input.width());
  }
}
