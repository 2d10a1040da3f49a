package org.bellows.data.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bellows.conf.BellowsException;
import org.bellows.data.augment.Augmentations;
import org.bellows.data.augment.mixing.MixableBatch;
import org.bellows.data.augment.mixing.Mixing;
import org.bellows.data.decode.image.Pixels;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.shard.EncodedSample;

/** The samples of one lane in one step -> its batch, for training. Threads share it. */
public final class BatchTransform implements AutoCloseable {
  private static final float[] NONE = {};

  private final InputSpec input;
  private final InputTransform transform;
  private final Optional<Mixing> mixing;
  private final int classes;
  private final Optional<SampleStore> store;

  /**
   * @param classes of the dataset
   */
  public BatchTransform(InputSpec input, int classes) {
    this(input, classes, Optional.empty());
  }

  /**
   * @param classes of the dataset
   * @param store where it has all samples of a batch, none is decoded
   */
  public BatchTransform(InputSpec input, int classes, Optional<SampleStore> store) {
    this.input = input;
    this.store = store;
    this.transform = InputTransform.training(input);
    this.mixing = Augmentations.mixing(input.augment());
    this.classes = classes;
  }

  /**
   * @param epoch decides the augmentations' random numbers, together with the seed and each
   *     sample's id; of mixing with the seed, the lane and the step
   * @throws BellowsException (data) naming a sample that cannot be decoded
   */
  public LaneBatch batch(int epoch, int lane, long step, List<EncodedSample> samples) {
    float[] stored = store.map(known -> stored(known, samples)).orElse(NONE);
    return stored.length > 0
        ? stored(lane, step, samples, stored)
        : decoded(epoch, lane, step, samples);
  }

  /** Empty unless all samples are there. */
  private static float[] stored(SampleStore store, List<EncodedSample> samples) {
    float[] stored = new float[samples.size() * store.length()];
    for (int i = 0; i < samples.size(); i++) {
      if (!store.read(samples.get(i).id(), stored, i * store.length())) {
        return NONE;
      }
    }
    return stored;
  }

  private LaneBatch stored(int lane, long step, List<EncodedSample> samples, float[] stored) {
    long[] ids = samples.stream().mapToLong(EncodedSample::id).toArray();
    int[] labels = samples.stream().mapToInt(EncodedSample::label).toArray();
    float[] targets = Targets.oneHot(labels, classes);
    return new LaneBatch(lane, step, ids, NONE, labels, targets, new byte[0], stored);
  }

  private LaneBatch decoded(int epoch, int lane, long step, List<EncodedSample> samples) {
    int count = samples.size();
    long[] ids = new long[count];
    int[] labels = new int[count];
    float[] pixels = new float[count * input.sampleLength()];
    MaskArray masks = new MaskArray(count, input.height() * input.width());
    for (int i = 0; i < count; i++) {
      EncodedSample sample = samples.get(i);
      ids[i] = sample.id();
      labels[i] = sample.label();
      masks.put(
          i, sample, transform.applyWithMask(sample, epoch, pixels, i * input.sampleLength()));
    }
    MixableBatch own =
        new MixableBatch(
            count,
            input.channels(),
            input.height(),
            input.width(),
            pixels,
            Targets.oneHot(labels, classes));
    MixableBatch mixed = own;
    if (mixing.isPresent()) {
      refuseMasks(masks.array());
      mixed = mixing.get().mix(own, SampleRandom.ofMixing(input.seed(), epoch, lane, step));
    }
    return new LaneBatch(
        lane, step, ids, mixed.pixels(), labels, mixed.targets(), masks.array(), NONE);
  }

  /** What the network sees of each sample: n times height x width x channels of the network. */
  public List<Pixels> pictures(LaneBatch batch) {
    List<Pixels> pictures = new ArrayList<>();
    for (int i = 0; i < batch.labels().length; i++) {
      pictures.add(transform.denormalise(batch.pixels(), i * input.sampleLength()));
    }
    return pictures;
  }

  /** Releases native memory. */
  @Override
  public void close() {
    transform.close();
  }

  /** A label map says a class of each pixel; there is nothing to share out. */
  private void refuseMasks(byte[] masks) {
    if (masks.length > 0) {
      throw BellowsException.configuration(
          "augment.mix is %s, but the dataset has label maps, which cannot be mixed; allowed: none"
              .formatted(input.augment().mix().name().toLowerCase(Locale.ROOT)));
    }
  }
}
