// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bellows.conf.BellowsException;
import org.bellows.data.augment.Augmentations;
import org.bellows.data.augment.mixing.MixableBatch;
import org.bellows.data.augment.mixing.Mixing;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.shard.EncodedSample;

/** The samples of one lane in one step -> its batch, for training. Threads share it. */
public final class BatchTransform implements AutoCloseable {
  private final InputSpec input;
  private final TrainingTransform transform;
  private final Optional<Mixing> mixing;
  private final TargetSpec targets;
  private final Optional<SampleStore> store;

  public BatchTransform(InputSpec input, TargetSpec targets) {
    this(input, targets, Optional.empty());
  }

  /**
   * @param store where it has all samples of a batch, none is decoded; empty where pixels are
   *     learned, whose labels lie in the files
   */
  public BatchTransform(InputSpec input, TargetSpec targets, Optional<SampleStore> store) {
    if (targets.ofPixels() && store.isPresent()) {
      throw new IllegalArgumentException("a store has no labels of pixels");
    }
    this.input = input;
    this.store = store;
    this.transform = new TrainingTransform(input, targets.borders());
    this.mixing = Augmentations.mixing(input.augment());
    this.targets = targets;
  }

  /**
   * @param epoch decides the augmentations' random numbers, together with the seed, each sample's
   *     id and, with repeats, the lane; of mixing with the seed, the lane and the step
   * @throws BellowsException (data) naming a sample that cannot be decoded
   */
  public LaneBatch batch(int epoch, int lane, long step, List<EncodedSample> samples) {
    Optional<LaneInput> stored = store.flatMap(known -> stored(known, samples));
    return stored.isPresent()
        ? ofStore(lane, step, samples, stored.get())
        : decoded(epoch, lane, step, samples);
  }

  /** Empty unless all samples are there. */
  private static Optional<LaneInput> stored(SampleStore store, List<EncodedSample> samples) {
    float[] stored = new float[samples.size() * store.length()];
    for (int i = 0; i < samples.size(); i++) {
      if (!store.read(samples.get(i).id(), stored, i * store.length())) {
        return Optional.empty();
      }
    }
    return Optional.of(new LaneInput.Stored(stored));
  }

  private LaneBatch ofStore(int lane, long step, List<EncodedSample> samples, LaneInput stored) {
    long[] ids = samples.stream().mapToLong(EncodedSample::id).toArray();
    return new LaneBatch(lane, step, ids, stored, ofSamples(samples));
  }

  private LaneBatch decoded(int epoch, int lane, long step, List<EncodedSample> samples) {
    int count = samples.size();
    long[] ids = new long[count];
    float[] pixels = new float[count * input.sampleLength()];
    int area = input.height() * input.width();
    MaskArray masks = new MaskArray(count, area);
    Optional<float[]> borders = targets.borders().map(wanted -> new float[count * area]);
    int repeat = lane % input.augment().repeats();
    for (int i = 0; i < count; i++) {
      EncodedSample sample = samples.get(i);
      SampleRandom own = SampleRandom.ofAugmentation(input.seed(), epoch, sample.id(), repeat);
      ids[i] = sample.id();
      masks.put(
          i,
          sample,
          transform.apply(
              sample, own, pixels, i * input.sampleLength(), borders.orElse(null), i * area));
    }
    LaneInput.Pictures pictures = new LaneInput.Pictures(pixels, masks.array());
    if (mixing.isEmpty()) {
      return new LaneBatch(lane, step, ids, pictures, own(masks, borders, samples));
    }
    refuseMasks(pictures.masks());
    SampleRandom random = SampleRandom.ofMixing(input.seed(), epoch, lane, step);
    Targets own = ofSamples(samples);
    MixableBatch mixed = mixing.get().mix(mixable(pixels, own), random);
    return new LaneBatch(
        lane,
        step,
        ids,
        new LaneInput.Pictures(mixed.pixels(), pictures.masks()),
        mixed(own, mixed.targets()));
  }

  /** What mixing made of the targets. */
  private static Targets mixed(Targets own, float[] mixed) {
    return own.match(
        classes -> new ClassTargets(classes.labels(), classes.classes(), Optional.of(mixed)),
        labels -> new MultiLabelTargets(labels.multiHot(), labels.classes(), Optional.of(mixed)),
        pixels -> pixels);
  }

  private Targets ofSamples(List<EncodedSample> samples) {
    return targets.ofLabels()
        ? MultiLabelTargets.of(samples, targets.classes())
        : ClassTargets.of(
            samples.stream().mapToInt(EncodedSample::label).toArray(), targets.classes());
  }

  private Targets own(MaskArray masks, Optional<float[]> borders, List<EncodedSample> samples) {
    return targets.ofPixels()
        ? new PixelTargets(
            masks.required(samples.get(0)),
            input.height(),
            input.width(),
            targets.classes(),
            borders)
        : ofSamples(samples);
  }

  private MixableBatch mixable(float[] pixels, Targets own) {
    return new MixableBatch(
        own.samples(),
        input.channels(),
        input.height(),
        input.width(),
        pixels,
        own.match(
            ClassTargets::distributions, MultiLabelTargets::learned, pixelTargets -> new float[0]));
  }

  /** The network's input of each sample: n times height x width x channels of the network. */
  public List<RasterImage> pictures(LaneBatch batch) {
    PicturePreview preview = new PicturePreview(input);
    List<RasterImage> pictures = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      pictures.add(preview.of(batch.pixels(), i * input.sampleLength()));
    }
    return pictures;
  }

  /** Releases native memory. */
  @Override
  public void close() {
    transform.close();
  }

  /** A label map says a class of each pixel; there is nothing to share out. */
  private void refuseMasks(Optional<byte[]> masks) {
    if (masks.isPresent()) {
      throw BellowsException.configuration(
          "augment.mix is %s, but the dataset has label maps, which cannot be mixed; allowed: none"
              .formatted(input.augment().mix().name().toLowerCase(Locale.ROOT)));
    }
  }
}
