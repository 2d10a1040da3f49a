// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.zoo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.text.SpellingSuggestion;
import org.bellows.conf.text.Words;
import org.bellows.models.alexnet.AlexNet;
import org.bellows.models.deeplab.DeepLabV1;
import org.bellows.models.deeplab.DeepLabV2;
import org.bellows.models.deeplab.DeepLabV3;
import org.bellows.models.deeplab.DeepLabV3Plus;
import org.bellows.models.efficientnet.EfficientNet;
import org.bellows.models.fcn.FcnAlexNet;
import org.bellows.models.fcn.FcnResNet;
import org.bellows.models.fcn.FcnVgg;
import org.bellows.models.inception.GoogLeNet;
import org.bellows.models.inception.InceptionV3;
import org.bellows.models.lenet.LeNet5;
import org.bellows.models.mobilenet.MobileNetV1;
import org.bellows.models.mobilenet.MobileNetV2;
import org.bellows.models.network.ConfiguredNetwork;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.nin.NetworkInNetwork;
import org.bellows.models.pspnet.PspNet;
import org.bellows.models.resnet.CifarResNet;
import org.bellows.models.resnet.ResNet;
import org.bellows.models.segnet.SegNet;
import org.bellows.models.unet.UNet;
import org.bellows.models.vgg.Vgg;

/** The networks that there are. A new family is one line here. */
public final class NetworkRegistry {
  private final Map<String, NetworkDefinition> byName = new LinkedHashMap<>();

  public NetworkRegistry(List<NetworkDefinition> definitions) {
    for (NetworkDefinition definition : definitions) {
      if (byName.put(definition.name(), definition) != null) {
        throw new IllegalArgumentException("two networks are named " + definition.name());
      }
    }
  }

  /** Everything that ships with Bellows. */
  public static NetworkRegistry standard() {
    List<NetworkDefinition> all = new ArrayList<>();
    all.addAll(LeNet5.family());
    all.addAll(CifarResNet.family());
    all.addAll(AlexNet.family());
    all.addAll(Vgg.family());
    all.addAll(ResNet.family());
    all.addAll(NetworkInNetwork.family());
    all.addAll(GoogLeNet.family());
    all.addAll(InceptionV3.family());
    all.addAll(MobileNetV1.family());
    all.addAll(MobileNetV2.family());
    all.addAll(EfficientNet.family());
    all.addAll(FcnVgg.family());
    all.addAll(FcnAlexNet.family());
    all.addAll(FcnResNet.family());
    all.addAll(UNet.family());
    all.addAll(SegNet.family());
    all.addAll(PspNet.family());
    all.addAll(DeepLabV1.family());
    all.addAll(DeepLabV2.family());
    all.addAll(DeepLabV3.family());
    all.addAll(DeepLabV3Plus.family());
    return new NetworkRegistry(all);
  }

  public List<NetworkDefinition> all() {
    return List.copyOf(byName.values());
  }

  /**
   * @throws IllegalArgumentException for an unknown name; {@link #check} says it to a person first
   */
  public NetworkDefinition get(String name) {
    NetworkDefinition definition = byName.get(name);
    if (definition == null) {
      throw new IllegalArgumentException("no network is named " + name);
    }
    return definition;
  }

  /** Problems of {@code model.*}, in the words of configuration problems. */
  public List<Problem> check(Settings.Model model) {
    if (model.name().isBlank()) {
      return List.of();
    }
    NetworkDefinition definition = byName.get(model.name());
    if (definition == null) {
      String known = Words.or(byName.keySet());
      return List.of(
          new Problem(
              "model.name",
              "is \"%s\", allowed: %s%s"
                  .formatted(
                      model.name(),
                      known,
                      SpellingSuggestion.hint(model.name(), byName.keySet()))));
    }
    List<Problem> problems = new ArrayList<>();
    definition
        .sides()
        .needed(model.heightPixels(), model.widthPixels())
        .map(
            needed ->
                "are %d and %d, but %s needs sides %s; give others, or another network (\"bellows models\" lists them)"
                    .formatted(model.heightPixels(), model.widthPixels(), model.name(), needed))
        .map(problem -> new Problem("model.height-pixels, model.width-pixels", problem))
        .ifPresent(problems::add);
    if (model.stochasticDepth() > 0 && !ConfiguredNetwork.hasResidualBlocks(definition)) {
      problems.add(
          new Problem(
              "model.stochastic-depth",
              "is %s, but %s has no residual blocks that could be dropped; allowed: 0"
                  .formatted(model.stochasticDepth(), model.name())));
    }
    return problems;
  }
}
