// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Device;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.Precision;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.NumberFormat;
import org.bellows.worker.engine.OwnMemoryEngine;
import org.bellows.worker.engine.StepEngine;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.Support;
import org.bellows.worker.engine.dl4j.Dl4jEngineProvider;
import org.bellows.worker.engine.onednn.OneDnnEngineProvider;
import org.bellows.worker.natives.NativeLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StepEnginesTest {
  private static final InputShape INPUT = new InputShape(3, 32, 32);

  private static final String SPARSE =
      "the onednn step does not know a pool's dilation 2 of vertex sparse;"
          + " train.step-engine=dl4j does";

  @BeforeAll
  static void load() {
    NativeLibraries.load();
  }

  private static NetworkGraph known() {
    return NetworkRegistry.standard().get("resnet20-cifar").graph(INPUT, 5);
  }

  /** With something that the oneDNN engine does not know. */
  private static NetworkGraph unknown() {
    NetworkBuilder builder =
        new NetworkBuilder(INPUT, LayerDefaults.of(Activation.RELU, WeightInitializers.HE));
    String last = builder.maxPool("sparse", Heads.INPUT, Kernel.of(3).dilation(2));
    return builder.build(Heads.classifier(builder, last, 5, WeightInitializers.HE));
  }

  @Test
  void saysWhichWasChosenAndWhyTheOthersWereNot() {
    StepEngines engines = StepEngines.standard();
    StepEngines.Choice fast =
        engines.choose(EngineRequest.named(OneDnnEngineProvider.NAME), known());
    assertThat(fast.provider()).isInstanceOf(OneDnnEngineProvider.class);
    assertThat(fast.text())
        .isEqualTo(
            "step engine onednn computes in float32: it is asked for;"
                + " not dl4j: it is not asked for; not torch: it is not asked for;"
                + " not own-memory: it is not asked for");
    StepEngines.Choice plain =
        engines.choose(EngineRequest.named(Dl4jEngineProvider.NAME), unknown());
    assertThat(plain.provider()).isInstanceOf(Dl4jEngineProvider.class);
    assertThat(plain.text())
        .isEqualTo(
            "step engine dl4j computes in float32: it is asked for; not onednn: "
                + SPARSE
                + "; not torch: it is not asked for; not own-memory: it is not asked for");
  }

  @Test
  void noneIsTakenInThePlaceOfTheOneAskedFor() {
    assertThatThrownBy(
            () ->
                StepEngines.standard()
                    .choose(EngineRequest.named(OneDnnEngineProvider.NAME), unknown()))
        .isInstanceOf(BellowsException.class)
        .hasMessage(SPARSE)
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.CONFIGURATION);
    assertThatThrownBy(() -> StepEngines.standard().choose(EngineRequest.named("abacus"), known()))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "the step engine is abacus, but this build has the step engines onednn, dl4j, torch and own-memory");
  }

  @Test
  void onlyEnginesThatKnowANetworkAreMeasuredOnIt() {
    assertThat(StepEngines.standard().able(known()))
        .extracting(StepEngineProvider::name)
        .containsExactly("onednn", "dl4j", "torch", "own-memory");
    assertThat(StepEngines.standard().able(unknown()))
        .extracting(StepEngineProvider::name)
        .containsExactly("dl4j", "torch", "own-memory");
  }

  /** The tests' own, which {@code META-INF/services} of the tests' class path names. */
  @Test
  void anEngineOfAnotherJarIsFound() {
    assertThat(
            StepEngines.standard()
                .choose(EngineRequest.named(OwnMemoryEngine.Provider.NAME), known())
                .text())
        .isEqualTo(
            "step engine own-memory computes in bfloat16: it is asked for;"
                + " not onednn: it is not asked for; not dl4j: it is not asked for;"
                + " not torch: it is not asked for");
  }

  private static List<String> problems(String... assignments) {
    Settings settings = new SettingsLoader().set(List.of(assignments)).load(List.of(), List.of());
    return StepEngines.standard().check(settings.train(), settings.cluster()).stream()
        .map(Problem::toString)
        .toList();
  }

  @Test
  void lanesAtOnceNeedAnEngineThatComputesThem() {
    assertThat(problems("cluster.lanes-at-once=2", "cluster.executors=1")).isEmpty();
    assertThat(problems("cluster.lanes-at-once=2", "train.step-engine=dl4j"))
        .containsExactly(
            "cluster.lanes-at-once: is 2, but train.step-engine = dl4j computes one lane at a time;"
                + " allowed: 1");
    assertThat(problems("train.batch-norm-moments=global-batch", "train.step-engine=dl4j"))
        .containsExactly(
            "train.batch-norm-moments: is global-batch, for which lanes meet in the middle of a"
                + " pass, but train.step-engine = dl4j computes one lane at a time; allowed: lane");
  }

  @Test
  void aNameThatNoEngineHasIsRefusedWithTheNearest() {
    assertThat(problems("train.step-engine=onednn")).isEmpty();
    assertThat(problems("train.step-engine=own-memory")).isEmpty();
    assertThat(problems("train.step-engine=onedn"))
        .containsExactly(
            "train.step-engine: is \"onedn\", allowed: onednn, dl4j, torch or own-memory;"
                + " did you mean onednn?");
    assertThat(problems("train.step-engine="))
        .containsExactly("train.step-engine: is \"\", allowed: onednn, dl4j, torch or own-memory");
  }

  @Test
  void anEngineThatDoesNotComputeOnTheDeviceIsRefused() {
    assertThat(problems("train.device=gpu"))
        .containsExactly(
            "train.step-engine: is onednn, which computes on the CPU, but train.device is gpu;"
                + " allowed: torch");
    assertThat(problems("train.device=gpu", "train.step-engine=torch"))
        .containsExactly(
            "train.step-engine: is torch, but PyTorch's libraries of this bundle are those for"
                + " processors; on GPUs a bundle of Maven's profile gpu computes");
    assertThat(problemsOfEvaluation("evaluate.device=gpu"))
        .containsExactly(
            "evaluate.step-engine: is onednn, which computes on the CPU, but evaluate.device is"
                + " gpu; allowed: torch");
    EngineRequest request = EngineRequest.named(OneDnnEngineProvider.NAME).on(Device.GPU);
    assertThatThrownBy(() -> StepEngines.standard().get(request))
        .isInstanceOf(BellowsException.class)
        .hasMessage("the step engine onednn of this build computes on the CPU, not on the gpu");
  }

  @Test
  void anEngineThatDoesNotKnowTheArithmeticIsRefused() {
    assertThat(problems("train.convolutions=winograd")).isEmpty();
    assertThat(problems("train.convolutions=winograd", "train.step-engine=dl4j"))
        .containsExactly(
            "train.step-engine: is dl4j, which does not know train.convolutions = winograd;"
                + " allowed: onednn");
    assertThat(problems("train.precision=bfloat16")).isEmpty();
    assertThat(problems("train.precision=bfloat16", "train.step-engine=dl4j"))
        .containsExactly(
            "train.step-engine: is dl4j, which does not know train.precision = bfloat16;"
                + " allowed: onednn or torch");
    assertThat(problems("train.precision=bfloat16", "train.step-engine=torch")).isEmpty();
    assertThat(problems("train.convolutions=winograd", "train.step-engine=torch"))
        .containsExactly(
            "train.step-engine: is torch, which does not know train.convolutions = winograd;"
                + " allowed: onednn");
    // What computes so does it on CPUs alone.
    assertThat(
            problems("train.convolutions=winograd", "train.step-engine=torch", "train.device=gpu"))
        .contains(
            "train.step-engine: is torch, which does not know train.convolutions = winograd;"
                + " no engine does where train.device is gpu: change train.convolutions");
    EngineRequest request =
        new EngineRequest(
            "dl4j", new Arithmetic(TrainSettings.Convolutions.WINOGRAD, Precision.FLOAT32));
    assertThatThrownBy(() -> StepEngines.standard().choose(request, known()))
        .isInstanceOf(BellowsException.class)
        .hasMessage("the step engine dl4j does not know train.convolutions = winograd");
  }

  private static List<String> problemsOfEvaluation(String... assignments) {
    Settings settings = new SettingsLoader().set(List.of(assignments)).load(List.of(), List.of());
    return StepEngines.standard().check(settings.evaluate()).stream()
        .map(Problem::toString)
        .toList();
  }

  @Test
  void evaluationsAskForAnEngineOfTheirOwn() {
    assertThat(problemsOfEvaluation("evaluate.step-engine=torch", "train.step-engine=dl4"))
        .isEmpty();
    assertThat(problemsOfEvaluation("evaluate.step-engine=troch"))
        .containsExactly(
            "evaluate.step-engine: is \"troch\", allowed: onednn, dl4j, torch or own-memory;"
                + " did you mean torch?");
    assertThat(problemsOfEvaluation("evaluate.step-engine=dl4j", "evaluate.precision=bfloat16"))
        .containsExactly(
            "evaluate.step-engine: is dl4j, which does not know evaluate.precision = bfloat16;"
                + " allowed: onednn or torch");
  }

  /** Its libraries are missing. */
  private record Bare() implements StepEngineProvider {
    @Override
    public String name() {
      return "bare";
    }

    @Override
    public Set<Device> devices() {
      return Set.of(Device.CPU);
    }

    @Override
    public NumberFormat numbers() {
      return NumberFormat.FLOAT32;
    }

    @Override
    public Support libraries() {
      return Support.no("it needs what is not here");
    }

    @Override
    public Support supports(NetworkGraph network) {
      return libraries();
    }

    @Override
    public long hostBytes(NetworkGraph network, int samples, boolean training, Device device) {
      throw new IllegalStateException("asked for the memory of what cannot compute");
    }

    @Override
    public StepEngine open(EngineNetwork network) {
      throw new IllegalStateException("opened without libraries");
    }
  }

  @Test
  void missingLibrariesAreAProblemOfTheConfiguration() {
    Settings settings =
        new SettingsLoader()
            .set(List.of("train.step-engine=bare", "evaluate.step-engine=bare"))
            .load(List.of(), List.of());
    StepEngines engines = new StepEngines(List.of(new Bare()));
    assertThat(engines.check(settings.train(), settings.cluster()))
        .extracting(Problem::toString)
        .containsExactly("train.step-engine: is bare, but it needs what is not here");
    assertThat(engines.check(settings.evaluate()))
        .extracting(Problem::toString)
        .containsExactly("evaluate.step-engine: is bare, but it needs what is not here");
  }

  @Test
  void twoOfTheSameNameAreRefused() {
    assertThatThrownBy(
            () -> new StepEngines(List.of(new OneDnnEngineProvider(), new OneDnnEngineProvider())))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "two step engines are named onednn: %s and %s",
            OneDnnEngineProvider.class.getName(), OneDnnEngineProvider.class.getName());
  }
}
