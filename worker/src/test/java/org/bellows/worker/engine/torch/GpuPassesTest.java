// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.bellows.conf.Precision;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.ConfiguredNetwork;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.GradientSums;
import org.bellows.worker.engine.StepEngine;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.engine.torch.pass.TorchMode;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.RandomBatch;
import org.bellows.worker.parallel.VectorParts;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What passes do on a GPU, computed on the processor, beside what they do there. */
@Tag("instructions")
class GpuPassesTest {
  static final int CLASSES = 3;
  private static final int SAMPLES = 4;
  private static final int ROUNDS = 20;

  static TorchMode mode(Precision precision, boolean isAsOnGpu) {
    return new TorchMode(TorchMode.HOST, precision, precision, isAsOnGpu);
  }

  /** Loss, gradient and probabilities. */
  record Result(double loss, float[] gradient, float[] probabilities) {
    static Result of(EngineNetwork network, TorchMode mode) {
      RandomBatch batch = RandomBatch.of(network.graph(), CLASSES, SAMPLES);
      try (TorchEngine engine = new TorchEngine(network, mode)) {
        float[] gradient = new float[network.layout().length()];
        double loss = engine.gradient(batch.pixels(), batch.targets(), 5, gradient);
        for (FlatLayout.ParameterSlot slot : network.layout().segments()) {
          if (slot.kind() == ParameterKind.FROZEN) {
            Arrays.fill(gradient, slot.offset(), slot.end(), 0);
          }
        }
        return new Result(loss, gradient, engine.probabilities(batch.pixels(), SAMPLES));
      }
    }

    double largestProbabilityError(Result expected) {
      double largest = 0;
      for (int i = 0; i < probabilities.length; i++) {
        largest =
            Math.max(largest, Math.abs((double) probabilities[i] - expected.probabilities[i]));
      }
      return largest;
    }

    double gradientError(Result expected) {
      double difference = 0;
      double size = 0;
      for (int i = 0; i < gradient.length; i++) {
        difference += Math.pow((double) gradient[i] - expected.gradient[i], 2);
        size += Math.pow(expected.gradient[i], 2);
      }
      return Math.sqrt(difference / size);
    }
  }

  static EngineNetwork network(String name, int side) {
    NativeLibraries.load();
    InputShape usual = NetworkRegistry.standard().get(name).usualInput();
    NetworkGraph graph =
        NetworkRegistry.standard()
            .get(name)
            .graph(new InputShape(usual.channels(), side, side), CLASSES);
    return EngineNetwork.of(graph, 7);
  }

  /**
   * Channels last, and max pools that overlap (alexnet) or are undone (segnet) by additions of
   * maps.
   */
  @ParameterizedTest
  @CsvSource({
    "alexnet-32-lrn, 32, 1e-5",
    "mobilenet-v2, 32, 0.05",
    "segnet-basic, 32, 1e-5",
    "unet-8, 32, 1e-5"
  })
  void theSameUpToRounding(String name, int side, double limit) {
    EngineNetwork network = network(name, side);
    Result plain = Result.of(network, mode(Precision.FLOAT32, false));
    Result other = Result.of(network, mode(Precision.FLOAT32, true));
    assertThat(other.gradientError(plain)).isLessThan(limit);
    assertThat(other.loss).isCloseTo(plain.loss, within(1e-4 * plain.loss));
    assertThat(other.largestProbabilityError(plain)).isLessThan(1e-4);
  }

  /**
   * Losses of pixels: those that take probabilities' errors on the device, and those that do not.
   */
  @ParameterizedTest
  @CsvSource({"2, 1, 0", "0, 0.5, 0", "1, 1, 0.5"})
  void lossesOfPixelsAreThoseOfJava(double focalGamma, double hardShare, double dice) {
    Settings settings =
        new SettingsLoader()
            .set(
                List.of(
                    "loss.focal-gamma=" + focalGamma,
                    "loss.hard-pixel-share=" + hardShare,
                    "loss.dice-weight=" + dice))
            .load(List.of(), List.of());
    NetworkDefinition definition =
        ConfiguredNetwork.of(
            NetworkRegistry.standard().get("unet-8"),
            settings.model(),
            settings.loss(),
            settings.train());
    NativeLibraries.load();
    NetworkGraph graph = definition.graph(new InputShape(3, 32, 32), CLASSES);
    EngineNetwork network = EngineNetwork.of(graph, 7);
    Result plain = Result.of(network, mode(Precision.FLOAT32, false));
    Result other = Result.of(network, mode(Precision.FLOAT32, true));
    assertThat(other.gradientError(plain)).isLessThan(1e-4);
    assertThat(other.loss).isCloseTo(plain.loss, within(1e-5 * plain.loss));
  }

  @ParameterizedTest
  @CsvSource({"lenet5, 28", "alexnet-32-lrn, 32", "resnet20-cifar, 16", "unet-8, 32"})
  void bfloat16IsNearFloat32AndRepeatsItsBits(String name, int side) {
    EngineNetwork network = network(name, side);
    Result plain = Result.of(network, mode(Precision.FLOAT32, false));
    for (boolean isAsOnGpu : List.of(false, true)) {
      TorchMode bfloat16 = mode(Precision.BFLOAT16, isAsOnGpu);
      Result rounded = Result.of(network, bfloat16);
      assertThat(rounded.gradientError(plain)).isBetween(1e-3, 0.15);
      assertThat(rounded.loss).isCloseTo(plain.loss, within(0.01 * plain.loss));
      assertThat(rounded.largestProbabilityError(plain)).isLessThan(0.05);
      Result again = Result.of(network, bfloat16);
      assertThat(again.gradient).isEqualTo(rounded.gradient);
      assertThat(again.probabilities).isEqualTo(rounded.probabilities);
      assertThat(again.loss).isEqualTo(rounded.loss);
    }
  }

  /** Sums in the device's memory have the bits of Java's, the loss too, and reuse their memory. */
  @Test
  void lanesAreAddedUpAsInJavasMemory() {
    EngineNetwork network = network("lenet5", 28);
    RandomBatch batch = RandomBatch.of(network.graph(), CLASSES, SAMPLES);
    int length = network.layout().length();
    try (TorchEngine engine = new TorchEngine(network, mode(Precision.FLOAT32, true));
        StepEngine other = engine.beside(false)) {
      StepVector expected = new StepVector(length);
      StepVector second = new StepVector(length);
      expected.setLoss(
          (float) engine.gradient(batch.pixels(), batch.targets(), 1, expected.floats()));
      second.setLoss((float) engine.gradient(batch.pixels(), batch.targets(), 2, second.floats()));
      expected.addInPlace(second, VectorParts.ONE);
      GradientSums sums = engine.gradientSums();
      GradientSums besides = other.gradientSums();
      for (int round = 0; round < 2; round++) {
        GradientSums.Sum left = sums.ofLane(batch.pixels(), batch.targets(), 1);
        GradientSums.Sum right = besides.ofLane(batch.pixels(), batch.targets(), 2);
        GradientSums.Sum sum = sums.add(left, right, VectorParts.ONE);
        assertThat(sums.isFinite(sum, 1, VectorParts.ONE)).isTrue();
        assertThat(sums.isFinite(sum, Float.MAX_VALUE, VectorParts.ONE)).isFalse();
        StepVector taken = sums.take(sum);
        assertThat(taken.floats()).isEqualTo(expected.floats());
        sums.recycle(taken);
      }
    }
  }

  /**
   * Of the lane that is next they are used, those of another one are not. Which were used is seen
   * by changing Java's array after its pictures were sent.
   */
  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FLOAT32", "BFLOAT16"})
  void picturesMayBeSentBeforeTheirPass(Precision precision) {
    EngineNetwork network = network("resnet20-cifar", 16);
    RandomBatch batch = RandomBatch.of(network.graph(), CLASSES, SAMPLES);
    float[] pixels = batch.pixels().clone();
    float[] others = batch.pixels().clone();
    others[0] += 1;
    try (TorchEngine engine = new TorchEngine(network, mode(precision, true))) {
      GradientSums sums = engine.gradientSums();
      float[] expected = gradient(sums, pixels, batch);
      float[] ofOthers = gradient(sums, others, batch);
      assertThat(ofOthers).isNotEqualTo(expected);
      sums.expect(pixels);
      pixels[0] += 1;
      assertThat(engine.probabilities(others, SAMPLES)).as("not a lane's").isNotEmpty();
      assertThat(gradient(sums, pixels, batch)).as("as they were sent").isEqualTo(expected);
      assertThat(gradient(sums, pixels, batch)).as("sent once").isEqualTo(ofOthers);
      pixels[0] = batch.pixels()[0];
      sums.expect(pixels);
      assertThat(gradient(sums, others, batch)).isEqualTo(ofOthers);
      pixels[0] += 1;
      assertThat(gradient(sums, pixels, batch)).as("sent before another").isEqualTo(ofOthers);
    }
  }

  /** Used or not, the last with the engine: JavaCPP counts what is not released. */
  @Test
  void sentPicturesAreReleased() {
    EngineNetwork network = network("lenet5", 28);
    RandomBatch batch = RandomBatch.of(network.graph(), CLASSES, SAMPLES);
    float[] others = batch.pixels().clone();
    long before = 0;
    for (int round = 0; round <= ROUNDS; round++) {
      try (TorchEngine engine = new TorchEngine(network, mode(Precision.FLOAT32, true))) {
        GradientSums sums = engine.gradientSums();
        sums.expect(batch.pixels());
        gradient(sums, batch.pixels(), batch);
        sums.expect(batch.pixels());
        gradient(sums, others, batch);
        sums.expect(batch.pixels());
        sums.expect(others);
      }
      if (round == 0) {
        before = Pointer.totalCount();
      }
    }
    assertThat(Pointer.totalCount() - before).isLessThan(ROUNDS);
  }

  private static float[] gradient(GradientSums sums, float[] pixels, RandomBatch batch) {
    StepVector taken = sums.take(sums.ofLane(pixels, batch.targets(), 5));
    float[] gradient = taken.floats().clone();
    sums.recycle(taken);
    return gradient;
  }

  /** A trained model's answers do not depend on what it was trained in. */
  @Test
  void inferenceHasANumberFormatOfItsOwn() {
    EngineNetwork network = network("lenet5", 28);
    TorchMode trained = new TorchMode(TorchMode.HOST, Precision.BFLOAT16, Precision.FLOAT32, false);
    assertThat(Result.of(network, trained).probabilities)
        .isEqualTo(Result.of(network, mode(Precision.FLOAT32, false)).probabilities);
  }
}
