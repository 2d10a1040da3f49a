// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.TestImages;
import org.bellows.data.TestSettings;
import org.bellows.data.batch.BatchTransform;
import org.bellows.data.batch.ClassTargets;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.LaneInput;
import org.bellows.data.batch.SampleStore;
import org.bellows.data.batch.TargetSpec;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.Split;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each entry, by the way that training takes, changes pictures and does so again. */
@Tag("integration")
class AugmentationCatalogueTest {
  private static final int SIDE = 32;
  private static final int EPOCHS = 10;

  static List<AugmentationCatalogue.Entry> entries() {
    return AugmentationCatalogue.entries(SIDE);
  }

  @ParameterizedTest
  @MethodSource("entries")
  void changesPicturesAndDoesSoAgain(AugmentationCatalogue.Entry entry) {
    Settings off =
        settings(List.of("augment.crop=resize", "augment.mirror=false", "augment.mix=none"), 3);
    Settings on = settings(entry.assignments(), 3);
    boolean isChanged = false;
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      LaneBatch plain = batch(off, epoch);
      LaneBatch augmented = batch(on, epoch);
      assertThat(augmented.pixels()).isEqualTo(batch(on, epoch).pixels());
      assertThat(targets(augmented).distributions())
          .isEqualTo(targets(batch(on, epoch)).distributions());
      assertThat(targets(augmented).labels()).isEqualTo(targets(plain).labels());
      isChanged |= !Arrays.equals(augmented.pixels(), plain.pixels());
      List<RasterImage> seen = transform(on).pictures(augmented);
      assertThat(seen).hasSize(4).allMatch(p -> p.height() == SIDE && p.channels() == 3);
    }
    assertThat(isChanged).isTrue();
    assertThat(entry.needsPartners()).isEqualTo(Augmentations.mixing(on.augment()).isPresent());
  }

  @ParameterizedTest
  @MethodSource("entries")
  void oneAtATimeAndGreyOnlyWhereItMakesSense(AugmentationCatalogue.Entry entry) {
    assertThat(entry.settings()).hasSizeBetween(14, 16);
    assertThat(entry.description()).isNotBlank();
    if (!entry.needsColour()) {
      assertThat(settings(entry.assignments(), 1)).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("entries")
  void fixedIsWhatNoEpochChanges(AugmentationCatalogue.Entry entry) {
    Settings on = settings(entry.assignments(), 3);
    float[] first = batch(on, 0).pixels();
    boolean isFixed =
        IntStream.range(1, 8).allMatch(epoch -> Arrays.equals(batch(on, epoch).pixels(), first));
    assertThat(Augmentations.areFixed(on.augment())).isEqualTo(isFixed);
  }

  @Test
  void aBatchWhoseSamplesAreAllStoredIsNotDecoded() {
    Settings settings = settings(List.of("augment.crop=resize"), 3);
    EncodedSample broken = new EncodedSample(7, 2, Encoding.PNG, 40, 70, 3, "p", new byte[9]);
    try (BatchTransform transform =
        new BatchTransform(
            input(settings), TargetSpec.samples(4), Optional.of(new StoreOfSeven()))) {
      LaneBatch stored = transform.batch(3, 1, 2, List.of(broken, broken));
      assertThat(stored.input())
          .isInstanceOfSatisfying(
              LaneInput.Stored.class,
              input -> assertThat(input.values()).containsExactly(0.5f, 7, 0.5f, 7));
      assertThatThrownBy(stored::pixels)
          .hasMessageStartingWith(
              "lane 1 has no pictures in step 2, only cached outputs of its samples");
      assertThat(stored.sampleIds()).containsExactly(7, 7);
      assertThat(targets(stored).labels()).containsExactly(2, 2);
      assertThat(targets(stored).distributions()).containsExactly(0, 0, 1, 0, 0, 0, 1, 0);
      EncodedSample other = new EncodedSample(8, 2, Encoding.PNG, 40, 70, 3, "p", new byte[9]);
      assertThatThrownBy(() -> transform.batch(3, 1, 2, List.of(broken, other)))
          .isInstanceOf(BellowsException.class);
    }
  }

  /** Has one sample. */
  private static final class StoreOfSeven implements SampleStore {
    @Override
    public int length() {
      return 2;
    }

    @Override
    public boolean read(long sampleId, float[] out, int offset) {
      out[offset] = 0.5f;
      out[offset + 1] = sampleId;
      return sampleId == 7;
    }
  }

  @Test
  void namesDiffer() {
    assertThat(entries()).extracting(AugmentationCatalogue.Entry::name).doesNotHaveDuplicates();
    assertThat(entries()).hasSize(27);
  }

  /** Every switch of the catalogue is off by default, but for crop and mirror. */
  @Test
  void offIsTheDefault() {
    AugmentSettings augment = TestSettings.of().augment();
    assertThat(Augmentations.pictures(augment, 0)).isEmpty();
    assertThat(Augmentations.planes(augment, null)).isEmpty();
    assertThat(Augmentations.mixing(augment)).isEmpty();
  }

  private static Settings settings(List<String> assignments, int channels) {
    List<String> all = new ArrayList<>(assignments);
    all.add("model.channels=" + channels);
    all.add("model.height-pixels=" + SIDE);
    all.add("model.width-pixels=" + SIDE);
    return TestSettings.of(all.toArray(String[]::new));
  }

  private static BatchTransform transform(Settings settings) {
    return new BatchTransform(input(settings), TargetSpec.samples(4));
  }

  private static InputSpec input(Settings settings) {
    Split split = new Split("t", 4, 0, List.of(0.4, 0.5, 0.6), List.of(0.2, 0.3, 0.25), List.of());
    return InputSpec.of(settings.augment(), settings.model(), split, 7);
  }

  private static ClassTargets targets(LaneBatch batch) {
    return batch.targets().ofClasses();
  }

  /** Four pictures, larger than the input and not square. */
  private static LaneBatch batch(Settings settings, int epoch) {
    List<EncodedSample> samples = new ArrayList<>();
    for (int id = 0; id < 4; id++) {
      byte[] file = TestImages.png(40 + 5 * id, 70);
      samples.add(new EncodedSample(id, id, Encoding.PNG, 40 + 5 * id, 70, 3, "p" + id, file));
    }
    return transform(settings).batch(epoch, 1, 2, samples);
  }
}
