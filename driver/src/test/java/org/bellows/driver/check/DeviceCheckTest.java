// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bellows.conf.Precision;
import org.bellows.driver.CommandLine;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code device-check} on the CPU. */
class DeviceCheckTest {

  @Test
  void everyKindOfLayerIsInACase() {
    Set<Class<?>> missing = new HashSet<>(Set.of(Layer.class.getPermittedSubclasses()));
    Stream.concat(LayerCases.all(List.of()).stream(), NetworkCases.all().stream())
        .flatMap(work -> work.network().graph(work.input(), work.classes()).vertices().stream())
        .forEach(vertex -> missing.remove(vertex.layer().getClass()));
    assertThat(missing).isEmpty();
  }

  @Test
  void noEngineIsHeldToNumbersThatAnotherDraws() {
    assertThat(LayerCases.all(List.of("torch", "dl4j")))
        .extracting(CheckCase::name)
        .contains("convolution")
        .doesNotContain("dropout", "stochastic depth");
  }

  @Test
  void whatIsNotAsExpectedFails() {
    List<Double> falling = List.of(3.0, 2.0);
    for (PrecisionReport report :
        List.of(
            agreement(2e-4, 0),
            agreement(Double.NaN, 0),
            agreement(0, Double.NaN),
            report(List.of(new LossCourse(List.of(3.0, 2.2), falling, 0.1)), List.of()),
            report(List.of(new LossCourse(falling, List.of(3.0, 3.0), 0.1)), List.of()),
            report(
                List.of(), List.of(new Repeats("n", List.of("1".repeat(64), "2".repeat(64))))))) {
      assertThat(report.holds()).isFalse();
      assertThat(report.text()).contains("FAILED");
    }
    PrecisionReport good = agreement(5e-5, 5e-5);
    assertThat(good.holds()).isTrue();
    assertThat(good.text()).contains("ok").doesNotContain("FAILED");
    assertThat(new Agreement("l", 0, 1e-4, 1.4, 0.9, 0, 1e-4, 0, 1e-4).holds())
        .as("rounding")
        .isTrue();
    assertThat(new Agreement("l", 0, 1e-4, Double.NaN, 0.9, 0, 1e-4, 0, 1e-4).holds()).isFalse();
    assertThat(new Agreement("l", 0, 1e-4, 0, 1e-4, 2e-4, 1e-4, 0, 1e-4).holds())
        .as("one array")
        .isFalse();
    assertThat(new Agreement("l", 1e-3, 1e-4, 0, 0.9, 0, 1e-4, 0, 1e-4).holds())
        .as("loss")
        .isFalse();
    CheckReport failed =
        new CheckReport("a", "b", "cpu", "", 1, 0, false, List.of(good, agreement(1, 0)));
    assertThat(failed.conclusion())
        .isEqualTo(
            "device-check: a does not hold what is expected of it on cpu: see FAILED above (1 of 2"
                + " number formats)");
  }

  /** Of [100, 1, 0] and moments [8]; the norm of all hardly moves. */
  @Test
  void aSmallArrayThatIsWrongIsSeen() {
    PassResult expected = pass(100, 1, 0, 8);
    PassResult wrong = pass(100, 2, 0, 8);
    assertThat(wrong.gradientError(expected)).isLessThan(0.01);
    assertThat(wrong.arrayError(expected)).isCloseTo(1 / 1.1, within(1e-9));
    assertThat(pass(100, 1, 1e-3f, 8).arrayError(expected)).isCloseTo(0.01, within(1e-6));
    assertThat(pass(100, 1, 0, 16).arrayError(expected)).isCloseTo(1 / 1.001, within(1e-9));
    assertThat(pass(100, Float.NaN, 0, 8).arrayError(expected)).isNaN();
    assertThat(expected.arrayError(expected)).isZero();
  }

  private static PassResult pass(float... gradient) {
    List<ParameterKind> kinds =
        List.of(
            ParameterKind.WEIGHT,
            ParameterKind.NO_DECAY,
            ParameterKind.NO_DECAY,
            ParameterKind.RUNNING_MEAN);
    List<ParameterSlot> slots =
        IntStream.range(0, 4)
            .mapToObj(i -> new ParameterSlot("l_" + i, i, 1, kinds.get(i), 0))
            .toList();
    return new PassResult(1, new FlatLayout(slots, 4), gradient, new float[0]);
  }

  private static PrecisionReport agreement(double gradient, double probability) {
    Agreement row = new Agreement("layer", 1e-5, 1e-4, gradient, 1e-4, 0, 1e-4, probability, 1e-4);
    return new PrecisionReport(
        Precision.FLOAT32, null, List.of(row), List.of(), List.of(), List.of(), List.of());
  }

  private static PrecisionReport report(List<LossCourse> losses, List<Repeats> repeats) {
    return new PrecisionReport(
        Precision.FLOAT32, null, List.of(), List.of(), losses, repeats, List.of());
  }

  @Test
  void saysWhatItCannotCheck() {
    assertThat(CommandLine.run("device-check", "--engine=nothing").err())
        .contains("the step engine is nothing, but this build has the step engines onednn");
    CommandLine.Said gpu = CommandLine.run("device-check", "--engine=onednn", "--device=gpu");
    assertThat(gpu.exitCode()).isEqualTo(2);
    assertThat(gpu.err())
        .contains("--device is gpu, but the step engine onednn of this build computes on cpu");
    assertThat(CommandLine.run("device-check", "--engine=torch", "--device=gpu").err())
        .contains("cannot compute on a GPU: this bundle holds no libraries for GPUs");
  }

  @Tag("integration")
  @Tag("instructions")
  @Test
  void checksOneEngineBesideAnother(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("check.json");
    CommandLine.Said said = CommandLine.run("device-check", "--json=" + file);
    assertThat(said.exitCode()).as(said.out() + said.err()).isZero();
    assertThat(said.out())
        .contains(
            "PyTorch 2.13.0",
            "float32\n  convolution ",
            "5 times here and once in another process: the same bits",
            "resnet50, 4 of 64 x 64",
            "device-check: torch agrees with onednn on cpu, and repeats its bits");
    Map<?, ?> report = Json.read(Files.readAllBytes(file), Map.class, file);
    assertThat(report.get("holds")).isEqualTo(true);
    assertThat((List<?>) report.get("precisions")).hasSize(Precision.values().length);
  }
}
