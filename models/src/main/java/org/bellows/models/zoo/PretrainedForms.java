// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.zoo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.models.alexnet.PretrainedAlexNet;
import org.bellows.models.deeplab.PretrainedDeepLabV3;
import org.bellows.models.efficientnet.PretrainedEfficientNet;
import org.bellows.models.fcn.PretrainedFcnResNet;
import org.bellows.models.inception.PretrainedInceptionV3;
import org.bellows.models.mobilenet.PretrainedMobileNetV2;
import org.bellows.models.pretrained.PretrainedForm;
import org.bellows.models.resnet.PretrainedCifarResNet;
import org.bellows.models.resnet.PretrainedResNet;
import org.bellows.models.vgg.PretrainedVgg;

/** Which networks other projects publish weights of. A new table of names is one line here. */
public final class PretrainedForms {
  private PretrainedForms() {}

  /** By the network's name; a network that is missing here is known under its own names only. */
  public static Map<String, List<PretrainedForm>> all() {
    Map<String, List<PretrainedForm>> all = new LinkedHashMap<>();
    List.of(
            PretrainedCifarResNet.forms(),
            PretrainedAlexNet.forms(),
            PretrainedVgg.torchForms(),
            PretrainedVgg.kerasForms(),
            PretrainedResNet.forms(),
            PretrainedInceptionV3.forms(),
            PretrainedMobileNetV2.forms(),
            PretrainedEfficientNet.forms(),
            PretrainedFcnResNet.forms(),
            PretrainedDeepLabV3.forms())
        .forEach(
            family ->
                family.forEach(
                    (network, form) ->
                        all.computeIfAbsent(network, name -> new ArrayList<>()).add(form)));
    return all;
  }

  /** The forms of one network; none if no other project has names for it. */
  public static List<PretrainedForm> of(String network) {
    return all().getOrDefault(network, List.of());
  }
}
