// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.AugmentSettings.EvaluationCrop;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings.Pooling;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.bellows.models.graph.InputShape;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.evaluate.Ranking;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.predict.PictureStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("instructions")
class FeatureStreamTest {
  private static final int SIDE = 12;
  private static final int LENGTH = SIDE * SIDE;
  private static final InputShape INPUT = new InputShape(1, SIDE, SIDE);
  private static final List<String> CLASSES = List.of("a", "b", "c");

  private static TrainedModel model(EvaluationCrop crop) {
    try (LaneNetwork network =
        new LaneNetwork(NetworkRegistry.standard().get("lenet5"), INPUT, 3, 7)) {
      float[] parameters = new float[network.layout().length()];
      network.readParameters(parameters);
      ModelCard card =
          new ModelCard(
              ModelCard.FORMAT_VERSION,
              "lenet5",
              INPUT,
              CLASSES,
              new float[] {0.5f},
              new float[] {0.25f},
              crop,
              crop == EvaluationCrop.TEN_CROP ? SIDE : 0,
              "none",
              Map.of());
      return new TrainedModel(card, parameters);
    }
  }

  private static AugmentSettings augment() {
    return new SettingsLoader().load(List.of(), List.of()).augment();
  }

  private static FeatureNetwork open(TrainedModel model) {
    return new FeatureNetwork(
        model, model.inputSpec(augment()), EngineRequest.named(StepEngines.USUAL));
  }

  private static EncodedSample image(int number) {
    byte[] pixels = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      pixels[i] = (byte) ((i + 1) * (number + 3) % 251);
    }
    return new EncodedSample(0, 0, Encoding.RAW8, SIDE, SIDE, 1, "image#" + number, pixels);
  }

  private static float[] pixels(int number) {
    float[] pixels = new float[LENGTH];
    byte[] bytes = image(number).image();
    for (int i = 0; i < LENGTH; i++) {
      pixels[i] = ((bytes[i] & 0xFF) / 255f - 0.5f) / 0.25f;
    }
    return pixels;
  }

  private static PictureStream.Limits limits(int batch, int threads, int ahead) {
    return new PictureStream.Limits(batch, threads, ahead);
  }

  private static List<PictureStream.Result<Integer, ImageFeature>> drain(
      FeatureNetwork network, FeatureRequest request, PictureStream.Limits limits, int images) {
    List<PictureStream.Result<Integer, ImageFeature>> results = new ArrayList<>();
    Iterator<Integer> numbers = IntStream.range(0, images).iterator();
    Function<Integer, EncodedSample> read =
        number -> {
          if (number % 5 == 3) {
            throw new ImageRefusedException(ImageRefusedException.Reason.CORRUPT, "is bad");
          }
          return image(number);
        };
    try (PictureStream<Integer, ImageFeature> stream =
        new PictureStream<>(numbers, read, network.answering(request), limits)) {
      stream.forEachRemaining(results::add);
    }
    return results;
  }

  @Test
  void keepsTheOrderAndRefusesOneByOneForAnyBatchAndThreads() {
    TrainedModel model = model(EvaluationCrop.CENTRE);
    FeatureRequest request = FeatureRequest.of(model.card(), "", Pooling.AVERAGE, 2);
    assertThat(request.layer()).isEqualTo("f6");
    try (FeatureNetwork network = open(model);
        LaneNetwork plain = model.open()) {
      for (PictureStream.Limits limits :
          List.of(limits(1, 1, 1), limits(7, 3, 2), limits(64, 2, 4))) {
        List<PictureStream.Result<Integer, ImageFeature>> results =
            drain(network, request, limits, 41);
        assertThat(results).hasSize(41);
        for (int i = 0; i < 41; i++) {
          assertThat(results.get(i).item()).isEqualTo(i);
          ImageFeature feature = results.get(i).answer();
          if (i % 5 == 3) {
            assertThat(feature.values()).isNull();
            assertThat(feature.refusal()).isEqualTo("is bad");
            continue;
          }
          assertClose(feature.values(), plain.activations(pixels(i), 1, "f6").values());
          float[] probabilities = plain.probabilities(pixels(i), 1);
          assertThat(feature.top()).isEqualTo(Ranking.top(probabilities, 2));
          assertThat(feature.refusal()).isNull();
        }
      }
    }
  }

  @Test
  void viewsAreAveraged() {
    TrainedModel model = model(EvaluationCrop.TEN_CROP);
    FeatureRequest request = FeatureRequest.of(model.card(), "c1", Pooling.FLAT, 0);
    try (FeatureNetwork network = open(model);
        LaneNetwork plain = model.open()) {
      List<PictureStream.Result<Integer, ImageFeature>> results =
          drain(network, request, limits(30, 1, 2), 4);
      // The crops of a picture of the network's size are the picture itself and its mirror image.
      float[] mirrored = new float[LENGTH];
      for (int i = 0; i < LENGTH; i++) {
        mirrored[i] = pixels(1)[i / SIDE * SIDE + SIDE - 1 - i % SIDE];
      }
      float[] one = plain.activations(pixels(1), 1, "c1").values();
      float[] other = plain.activations(mirrored, 1, "c1").values();
      float[] mean = new float[one.length];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = (one[i] + other[i]) / 2;
      }
      assertClose(results.get(1).answer().values(), mean);
      assertThat(Arrays.equals(one, mean)).isFalse();
    }
  }

  @Test
  void readsNoFurtherThanItsLimit() {
    TrainedModel model = model(EvaluationCrop.CENTRE);
    FeatureRequest request = FeatureRequest.of(model.card(), "s4", Pooling.AVERAGE, 0);
    AtomicInteger read = new AtomicInteger();
    Iterator<Integer> endless =
        IntStream.iterate(0, i -> i + 1).peek(i -> read.set(i + 1)).iterator();
    try (FeatureNetwork network = open(model);
        PictureStream<Integer, ImageFeature> stream =
            new PictureStream<>(
                endless, FeatureStreamTest::image, network.answering(request), limits(4, 2, 3))) {
      assertThat(read).hasValue(0);
      assertThat(stream.next().answer().values()).hasSize(16);
      assertThat(read).hasValue(12);
      IntStream.range(0, 4).forEach(i -> stream.next());
      assertThat(read).hasValue(16);
    }
  }

  @Test
  void anExceptionThatNobodyForesawRefusesOneImageOnly() {
    TrainedModel model = model(EvaluationCrop.CENTRE);
    FeatureRequest request = FeatureRequest.of(model.card(), "", Pooling.AVERAGE, 0);
    Function<Integer, EncodedSample> odd =
        number -> {
          if (number == 1) {
            throw new IllegalArgumentException("number 1 is odd");
          }
          return image(number);
        };
    List<PictureStream.Result<Integer, ImageFeature>> results = new ArrayList<>();
    try (FeatureNetwork network = open(model);
        PictureStream<Integer, ImageFeature> stream =
            new PictureStream<>(
                List.of(0, 1, 2).iterator(), odd, network.answering(request), limits(4, 1, 1))) {
      stream.forEachRemaining(results::add);
    }
    assertThat(results.get(1).answer().refusal())
        .isEqualTo("could not be read: java.lang.IllegalArgumentException: number 1 is odd");
    assertThat(results.get(0).answer().values()).isNotNull();
    assertThat(results.get(2).answer().values()).isNotNull();
  }

  @Test
  void whatIsNoImagesFaultEndsTheStream() {
    TrainedModel model = model(EvaluationCrop.CENTRE);
    FeatureRequest request = FeatureRequest.of(model.card(), "", Pooling.AVERAGE, 0);
    Function<Integer, EncodedSample> failing =
        number -> {
          throw BellowsException.infrastructure("the disk is gone");
        };
    try (FeatureNetwork network = open(model);
        PictureStream<Integer, ImageFeature> stream =
            new PictureStream<>(
                List.of(1).iterator(), failing, network.answering(request), limits(4, 1, 1))) {
      assertThatThrownBy(stream::hasNext)
          .isInstanceOf(BellowsException.class)
          .hasMessage("the disk is gone");
    }
  }

  @Test
  void anUnknownLayerIsRefusedBeforeAnythingIsOpened() {
    ModelCard card = model(EvaluationCrop.CENTRE).card();
    assertThatThrownBy(() -> FeatureRequest.of(card, "pool5", Pooling.AVERAGE, 0))
        .isInstanceOf(BellowsException.class)
        .hasMessage("lenet5 has no layer \"pool5\"; it has c1, s2, c3, s4, c5, f6 and output");
  }

  /** Batches of other sizes may add up in another order. */
  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-5));
    }
  }
}
