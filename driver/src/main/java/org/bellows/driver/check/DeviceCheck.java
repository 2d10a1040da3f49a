// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Device;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.text.ValueText;
import org.bellows.worker.device.ProcessDevice;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.InferenceArithmetic;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.Support;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.engine.torch.TorchEngineProvider;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.natives.TorchLibraries;

/** All checks of one engine, in each number format that it computes in. */
public final class DeviceCheck {
  private static final String REPEATED = "resnet20-cifar";
  private static final int SMALL_BATCH = 4;
  private static final int SMALL_SIDE = 64;
  private static final List<Integer> LARGE_BATCHES = List.of(64, 256);
  private static final int LARGE_SIDE = 224;
  private static final double NANOS = 1e9;

  private final StepEngineProvider engine;
  private final EngineRequest against;
  private final Device device;
  private final int threads;
  private final Consumer<String> progress;

  /**
   * @param engine name of the one that is checked
   * @param against name of the one that it is held against, in float32
   * @param threads of this process, for the other process
   * @param progress takes text as soon as there is some
   * @throws BellowsException (configuration) when an engine does not exist or cannot compute here
   */
  public DeviceCheck(
      String engine, String against, Device device, int threads, Consumer<String> progress) {
    StepEngineProvider named = StepEngines.standard().get(EngineRequest.named(engine));
    this.against = EngineRequest.named(against);
    this.device = device;
    this.threads = threads;
    this.progress = progress;
    if (!named.devices().contains(device)) {
      throw BellowsException.configuration(
          "--device is %s, but the step engine %s of this build computes on %s"
              .formatted(
                  ValueText.name(device),
                  engine,
                  String.join(" and ", named.devices().stream().map(ValueText::name).toList())));
    }
    if (device == Device.GPU) {
      ProcessDevice.take();
    }
    this.engine = named.on(device);
    requireAble(this.engine);
    requireAble(StepEngines.standard().get(this.against));
  }

  private static void requireAble(StepEngineProvider provider) {
    NativeLibraries.load();
    Support support = support(provider);
    if (!support.isAvailable()) {
      throw BellowsException.configuration(support.reason());
    }
  }

  /** Of the first network: whether libraries and instructions are there does not depend on it. */
  private static Support support(StepEngineProvider provider) {
    CheckCase first = NetworkCases.all().get(0);
    return provider.supports(first.network().graph(first.input(), first.classes()));
  }

  public CheckReport run() {
    long begin = System.nanoTime();
    String versions = versions();
    progress.accept(
        "%s beside %s, device %s, %d threads%n%s%n"
            .formatted(engine.name(), against.name(), ValueText.name(device), threads, versions));
    List<PrecisionReport> reports = new ArrayList<>();
    for (Precision precision : Precision.values()) {
      PrecisionReport report = report(precision);
      progress.accept(report.text());
      reports.add(report);
    }
    return new CheckReport(
        engine.name(),
        against.name(),
        ValueText.name(device),
        versions,
        threads,
        (System.nanoTime() - begin) / NANOS,
        reports.stream().allMatch(PrecisionReport::holds),
        reports);
  }

  private String versions() {
    String usual = NativeLibraries.describe();
    boolean torch = List.of(engine.name(), against.name()).contains(TorchEngineProvider.NAME);
    return torch ? usual + "; " + TorchLibraries.load() : usual;
  }

  /** Training and inference in one number format. */
  static EngineRequest request(String engine, Precision precision, Device device) {
    return new EngineRequest(
        engine,
        new Arithmetic(
            TrainSettings.Convolutions.DIRECT,
            precision,
            new InferenceArithmetic(EvaluateSettings.InferenceConvolutions.DIRECT, precision)),
        device);
  }

  private PrecisionReport report(Precision precision) {
    EngineRequest request = request(engine.name(), precision, device);
    Optional<StepEngineProvider> provider = engine.in(request.arithmetic());
    if (provider.isEmpty()) {
      return PrecisionReport.unsupported(
          precision, "the step engine %s does not know it".formatted(engine.name()));
    }
    List<CheckCase> networks = NetworkCases.all();
    Support support = support(provider.get());
    if (!support.isAvailable()) {
      return PrecisionReport.unsupported(precision, support.reason());
    }
    CheckCase repeated =
        networks.stream().filter(one -> one.name().equals(REPEATED)).findFirst().orElseThrow();
    return new PrecisionReport(
        precision,
        null,
        LayerCases.all(List.of(engine.name(), against.name())).stream()
            .map(work -> Agreement.of(work, request, against))
            .toList(),
        networks.stream().map(work -> Agreement.of(work, request, against)).toList(),
        List.of(LossCourse.of(request, against)),
        List.of(Repeats.of(repeated, request, threads)),
        speeds(request));
  }

  private List<Speed> speeds(EngineRequest request) {
    return device == Device.CPU
        ? List.of(Speed.of(request, SMALL_BATCH, SMALL_SIDE))
        : LARGE_BATCHES.stream().map(batch -> Speed.of(request, batch, LARGE_SIDE)).toList();
  }
}
