// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bellows.conf.Device;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.StepEngine;
import org.bellows.worker.engine.StepProfile;
import org.bellows.worker.engine.onednn.OneDnnEngineProvider;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.network.RandomBatch;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What LayersAgreeTest and NetworksAgreeTest do not hold. */
@Tag("instructions")
class TorchEngineTest {
  private static final InputShape INPUT = new InputShape(3, 16, 16);
  private static final int CLASSES = 4;
  private static final int SAMPLES = 32;

  /**
   * A step keeps 12 MB of maps. If it lost one of the first stage, 200 would lose 100 MB; smaller
   * losses are for {@link #whatAPassAndAnEngineTakeIsGivenBack}. What is lost is lost each time;
   * Java's heap and compiled code grow now and then (76 MB were seen).
   */
  @Tag("once")
  @Test
  void stepsAndAnswersTakeNoMemoryThatTheyKeep() throws IOException {
    try (LaneNetwork network = open()) {
      RandomBatch batch = RandomBatch.of(network.graph(), CLASSES, SAMPLES);
      float[] gradient = new float[network.layout().length()];
      run(network, batch, gradient, 20);
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 2; i++) {
        long before = residentBytes();
        run(network, batch, gradient, 200);
        least = Math.min(least, residentBytes() - before);
      }
      assertThat(least).isLessThan(60_000_000L);
    }
  }

  /** A tensor that nobody released is a pointer that JavaCPP still counts. */
  @Test
  void whatAPassAndAnEngineTakeIsGivenBack() {
    NetworkGraph graph = NetworkRegistry.standard().get("resnet20-cifar").graph(INPUT, CLASSES);
    NativeLibraries.load();
    EngineNetwork initial = EngineNetwork.of(graph, 7);
    RandomBatch batch = RandomBatch.of(graph, CLASSES, 2);
    TorchEngineProvider provider = new TorchEngineProvider();
    pass(provider, initial, batch, 1);
    int times = 10;
    long before = Pointer.totalCount();
    pass(provider, initial, batch, times);
    assertThat(Pointer.totalCount() - before).as("by passes").isLessThan(times);
    before = Pointer.totalCount();
    for (int i = 0; i < times; i++) {
      pass(provider, initial, batch, 1);
    }
    assertThat(Pointer.totalCount() - before).as("by engines").isLessThan(times);
  }

  private static void pass(
      TorchEngineProvider provider, EngineNetwork network, RandomBatch batch, int times) {
    try (StepEngine engine = provider.open(network);
        StepEngine other = engine.beside(true)) {
      float[] gradient = new float[network.layout().length()];
      for (int i = 0; i < times; i++) {
        other.gradient(batch.pixels(), batch.targets(), i, gradient);
        engine.probabilities(batch.pixels(), 2);
      }
    }
  }

  private static LaneNetwork open() {
    return new LaneNetwork(
        NetworkRegistry.standard().get("resnet20-cifar"),
        INPUT,
        CLASSES,
        7,
        EngineRequest.named(TorchEngineProvider.NAME));
  }

  private static void run(LaneNetwork network, RandomBatch batch, float[] gradient, int steps) {
    for (int i = 0; i < steps; i++) {
      network.gradient(batch.pixels(), batch.targets(), i, gradient);
      network.probabilities(batch.pixels(), SAMPLES);
    }
  }

  private static long residentBytes() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String line = lines.filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
      return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
    }
  }

  /** Both hold each map that the backward pass reads; oneDNN's plan is counted exactly. */
  @ParameterizedTest
  @CsvSource({"resnet20-cifar, 32", "vgg11-bn, 64", "mobilenet-v2, 96", "unet-16, 96"})
  void theForecastIsNearOneDnnsPlan(String name, int side) {
    NetworkDefinition network = NetworkRegistry.standard().get(name);
    NetworkGraph graph =
        network.graph(new InputShape(network.usualInput().channels(), side, side), CLASSES);
    long training = bytes(TorchEngineProvider.NAME, graph, SAMPLES, true);
    long ofOneDnn = bytes(OneDnnEngineProvider.NAME, graph, SAMPLES, true);
    assertThat((double) training / ofOneDnn).isBetween(0.6, 2.5);
    assertThat(bytes(TorchEngineProvider.NAME, graph, SAMPLES, false)).isLessThan(training);
    // Copies of weights are there once, whatever the samples.
    long ofTwo = bytes(TorchEngineProvider.NAME, graph, 2 * SAMPLES, true);
    assertThat(bytes(TorchEngineProvider.NAME, graph, 3 * SAMPLES, true) - ofTwo)
        .isEqualTo(ofTwo - training);
  }

  private static long bytes(String engine, NetworkGraph graph, int samples, boolean training) {
    NativeLibraries.load();
    return StepEngines.standard()
        .get(EngineRequest.named(engine))
        .hostBytes(graph, samples, training, Device.CPU);
  }

  /** Each node's forward pass, and the backward pass of what learns or leads there. */
  @Test
  void itTellsWhereTheTimeOfAStepGoes() {
    NetworkGraph graph = NetworkRegistry.standard().get("resnet20-cifar").graph(INPUT, CLASSES);
    NativeLibraries.load();
    RandomBatch batch = RandomBatch.of(graph, CLASSES, 2);
    try (StepEngine engine = new TorchEngineProvider().open(EngineNetwork.of(graph, 7))) {
      StepProfile profile = engine.profile(batch.pixels(), batch.targets(), 1).orElseThrow();
      assertThat(profile.lines()).extracting(StepProfile.Line::phase).contains("backward");
      assertThat(profile.lines())
          .filteredOn(line -> line.phase().equals("forward"))
          .extracting(StepProfile.Line::vertex)
          .contains(graph.input(), graph.answer());
      assertThat(profile.text(100))
          .containsPattern("images/s, .* ms in operations")
          .containsPattern("forward +\\S+: convolution")
          .containsPattern("backward +\\S+: batchnorm");
      StepProfile answering = engine.profileInference(batch.pixels(), 1).orElseThrow();
      assertThat(answering.lines()).extracting(StepProfile.Line::phase).containsOnly("forward");
    }
  }

  /** A pass that fails leaves nothing that the next one trips over. */
  @Test
  void aPassAfterOneThatFailedHasTheSameBits() {
    try (LaneNetwork network = open()) {
      RandomBatch batch = RandomBatch.of(network.graph(), CLASSES, SAMPLES);
      float[] first = new float[network.layout().length()];
      network.gradient(batch.pixels(), batch.targets(), 1, first);
      float[] second = new float[first.length];
      assertThatThrownBy(() -> network.gradient(batch.pixels(), new float[3], 1, second))
          .hasMessage("labels are [32, 0.09375], expected [32, 4]");
      network.gradient(batch.pixels(), batch.targets(), 1, second);
      assertThat(second).isEqualTo(first);
    }
  }

  /** Two OpenMP runtimes would be two pools of threads that wait for each other's processors. */
  @Test
  void theProcessHasOneOpenMpRuntimeAndOneOpenBlas() throws IOException {
    open().close();
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      List<String> libraries =
          maps.filter(line -> line.contains("/"))
              .map(line -> line.substring(line.indexOf('/')))
              .distinct()
              .toList();
      assertThat(libraries).filteredOn(path -> path.contains("libgomp")).hasSize(1);
      assertThat(libraries).filteredOn(path -> path.contains("libopenblas.so")).hasSize(1);
      assertThat(libraries).filteredOn(path -> path.contains("libtorch_cpu.so")).hasSize(1);
    }
  }
}
