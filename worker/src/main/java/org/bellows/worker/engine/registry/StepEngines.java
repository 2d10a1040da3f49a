// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ClusterSettings;
import org.bellows.conf.Device;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.Problem;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.text.SpellingSuggestion;
import org.bellows.conf.text.Words;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.InferenceArithmetic;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.Support;
import org.bellows.worker.engine.dl4j.Dl4jEngineProvider;
import org.bellows.worker.engine.onednn.OneDnnEngineProvider;
import org.bellows.worker.engine.torch.TorchEngineProvider;

/**
 * The engines of this process: ours, and those that jars on the class path name in {@code
 * META-INF/services/org.bellows.worker.engine.StepEngineProvider}.
 */
public final class StepEngines {
  /** The engine of networks that nobody asks one for. */
  public static final String USUAL = OneDnnEngineProvider.NAME;

  private static final String LANES = "cluster.lanes-at-once";
  private static final String KEY = "train.step-engine";
  private static final String INFERENCE_KEY = "evaluate.step-engine";

  private final Map<String, StepEngineProvider> byName = new LinkedHashMap<>();

  /**
   * @throws BellowsException (configuration) when two have the same name
   */
  StepEngines(List<StepEngineProvider> providers) {
    for (StepEngineProvider provider : providers) {
      StepEngineProvider other = byName.putIfAbsent(provider.name(), provider);
      if (other != null) {
        throw BellowsException.configuration(
            "two step engines are named %s: %s and %s"
                .formatted(
                    provider.name(), other.getClass().getName(), provider.getClass().getName()));
      }
    }
  }

  /** The engines on the class path. */
  public static StepEngines standard() {
    return of(StepEngines.class.getClassLoader());
  }

  static StepEngines of(ClassLoader jars) {
    List<StepEngineProvider> all = new ArrayList<>();
    all.add(new OneDnnEngineProvider());
    all.add(new Dl4jEngineProvider());
    all.add(new TorchEngineProvider());
    ServiceLoader.load(StepEngineProvider.class, jars).forEach(all::add);
    return new StepEngines(all);
  }

  /**
   * Which engine computes a network.
   *
   * @param others by name, why each of the others does not
   */
  public record Choice(StepEngineProvider provider, Map<String, String> others) {
    /** One line, for logs. */
    public String text() {
      List<String> not = new ArrayList<>();
      others.forEach((name, why) -> not.add("not %s: %s".formatted(name, why)));
      String chosen =
          "step engine %s computes in %s: it is asked for"
              .formatted(provider.name(), provider.numbers().name());
      return not.isEmpty() ? chosen : chosen + "; " + String.join("; ", not);
    }
  }

  /**
   * All problems of the engine that a training asks for, as problems of the configuration: there is
   * none of that name, its libraries are missing, it does not compute on the device, in the number
   * format, or not as many lanes at once.
   */
  public List<Problem> check(TrainSettings train, ClusterSettings cluster) {
    String asked = train.stepEngine();
    List<Problem> problems = check(KEY, "train.device", EngineRequest.of(train));
    boolean isOneAtATime = byName.containsKey(asked) && !byName.get(asked).canComputeLanesAtOnce();
    int lanes = cluster.lanesAtOnce();
    if (lanes > 1 && isOneAtATime) {
      problems.add(
          new Problem(
              LANES,
              "is %d, but train.step-engine = %s computes one lane at a time; allowed: 1"
                  .formatted(lanes, asked)));
    }
    if (train.batchNormMoments() == TrainSettings.BatchNormMoments.GLOBAL_BATCH && isOneAtATime) {
      problems.add(
          new Problem(
              "train.batch-norm-moments",
              "is global-batch, for which lanes meet in the middle of a pass, but train.step-engine = %s computes one lane at a time; allowed: lane"
                  .formatted(asked)));
    }
    return problems;
  }

  /** All problems of the engine that evaluations ask for. */
  public List<Problem> check(EvaluateSettings evaluate) {
    return check(INFERENCE_KEY, "evaluate.device", EngineRequest.of(evaluate));
  }

  private List<Problem> check(String key, String deviceKey, EngineRequest asked) {
    List<Problem> problems = new ArrayList<>();
    StepEngineProvider provider = byName.get(asked.name());
    if (provider == null) {
      problems.add(unknown(key, asked.name()));
      return problems;
    }
    if (!provider.devices().contains(asked.device())) {
      problems.add(notOn(key, deviceKey, provider, asked.device()));
    } else if (!provider.on(asked.device()).libraries().isAvailable()) {
      problems.add(withoutLibraries(key, provider.on(asked.device())));
    }
    if (provider.in(asked.arithmetic()).isEmpty()) {
      problems.add(
          new Problem(
              key,
              "is %s, which does not know %s; %s"
                  .formatted(asked.name(), name(asked.arithmetic()), remedy(asked, deviceKey))));
    }
    return problems;
  }

  /** For an engine that does not know the arithmetic: others on the device, else what to change. */
  private String remedy(EngineRequest asked, String deviceKey) {
    List<String> knowing = knowing(asked);
    return knowing.isEmpty()
        ? "no engine does where %s is %s: change %s"
            .formatted(
                deviceKey,
                asked.device().name().toLowerCase(Locale.ROOT),
                Words.or(keys(asked.arithmetic())))
        : "allowed: " + Words.or(knowing);
  }

  private Problem notOn(String key, String deviceKey, StepEngineProvider provider, Device device) {
    return new Problem(
        key,
        "is %s, which computes on the %s, but %s is %s; allowed: %s"
            .formatted(
                provider.name(),
                Words.and(provider.devices().stream().sorted().toList()),
                deviceKey,
                device.name().toLowerCase(Locale.ROOT),
                Words.or(computingOn(device))));
  }

  private static Problem withoutLibraries(String key, StepEngineProvider provider) {
    return new Problem(
        key, "is %s, but %s".formatted(provider.name(), provider.libraries().reason()));
  }

  private Problem unknown(String key, String asked) {
    return new Problem(
        key,
        "is \"%s\", allowed: %s%s"
            .formatted(
                asked, Words.or(byName.keySet()), SpellingSuggestion.hint(asked, byName.keySet())));
  }

  private static String name(Arithmetic arithmetic) {
    return Words.and(settings(arithmetic)).toLowerCase(Locale.ROOT);
  }

  /** The settings that are not the usual ones. */
  private static List<String> settings(Arithmetic arithmetic) {
    List<String> settings = new ArrayList<>();
    if (arithmetic.convolutions() != Arithmetic.USUAL.convolutions()) {
      settings.add("train.convolutions = " + arithmetic.convolutions());
    }
    if (arithmetic.precision() != Arithmetic.USUAL.precision()) {
      settings.add("train.precision = " + arithmetic.precision());
    }
    InferenceArithmetic inference = arithmetic.inference();
    if (inference.convolutions() != InferenceArithmetic.USUAL.convolutions()) {
      settings.add("evaluate.convolutions = " + inference.convolutions());
    }
    if (inference.precision() != InferenceArithmetic.USUAL.precision()) {
      settings.add("evaluate.precision = " + inference.precision());
    }
    return settings;
  }

  private static List<String> keys(Arithmetic arithmetic) {
    return settings(arithmetic).stream().map(set -> set.substring(0, set.indexOf(' '))).toList();
  }

  /** The engines that compute so on the device that is asked for. */
  private List<String> knowing(EngineRequest asked) {
    return byName.values().stream()
        .filter(provider -> provider.devices().contains(asked.device()))
        .filter(provider -> provider.in(asked.arithmetic()).isPresent())
        .map(StepEngineProvider::name)
        .toList();
  }

  private List<String> computingOn(Device device) {
    return byName.values().stream()
        .filter(provider -> provider.devices().contains(device))
        .map(StepEngineProvider::name)
        .toList();
  }

  /**
   * The engine that the settings ask for; none is taken in its place.
   *
   * @param asked {@code train.step-engine} and the arithmetic
   * @throws BellowsException (configuration) when there is no such engine, or with the engine's
   *     reason when it cannot compute the network
   */
  public Choice choose(EngineRequest asked, NetworkGraph network) {
    StepEngineProvider provider = get(asked);
    Support support = provider.supports(network);
    if (!support.isAvailable()) {
      throw BellowsException.configuration(support.reason());
    }
    Map<String, String> others = new LinkedHashMap<>();
    byName.forEach(
        (name, other) -> {
          if (!name.equals(provider.name())) {
            others.put(name, whyNot(other, network));
          }
        });
    return new Choice(provider, others);
  }

  private static String whyNot(StepEngineProvider provider, NetworkGraph network) {
    if (!provider.libraries().isAvailable()) {
      return "its libraries are not in this bundle";
    }
    Support able = provider.supports(network);
    return able.isAvailable() ? "it is not asked for" : able.reason();
  }

  /**
   * @throws BellowsException (configuration) when there is no such engine, with those that there
   *     are, or when it does not know the arithmetic
   */
  public StepEngineProvider get(EngineRequest asked) {
    String name = asked.name();
    StepEngineProvider provider = byName.get(name);
    if (provider == null) {
      throw BellowsException.configuration(
          "the step engine is %s, but this build has the step engines %s"
              .formatted(name, Words.and(byName.keySet())));
    }
    if (!provider.devices().contains(asked.device())) {
      throw BellowsException.configuration(
          "the step engine %s of this build computes on the %s, not on the %s"
              .formatted(
                  name,
                  Words.and(provider.devices().stream().sorted().toList()),
                  asked.device().name().toLowerCase(Locale.ROOT)));
    }
    return provider
        .in(asked.arithmetic())
        .map(able -> able.on(asked.device()))
        .orElseThrow(
            () ->
                BellowsException.configuration(
                    "the step engine %s does not know %s"
                        .formatted(name, name(asked.arithmetic()))));
  }

  /** All that can compute a network here. */
  public List<StepEngineProvider> able(NetworkGraph network) {
    return byName.values().stream().filter(each -> each.supports(network).isAvailable()).toList();
  }
}
