// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.mobilenet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bellows.models.graph.Heads;
import org.bellows.models.pretrained.ExpectedInput;
import org.bellows.models.pretrained.LayerTable;
import org.bellows.models.pretrained.PretrainedForm;

/** torchvision's mobilenet_v2: the same network as ours. */
public final class PretrainedMobileNetV2 {
  private PretrainedMobileNetV2() {}

  /** There blocks are counted through, the stem being the first, the head the last. */
  public static Map<String, PretrainedForm> forms() {
    LayerTable table = new LayerTable().withNorm("stem", "features.0.0", "features.0.1");
    int position = 1;
    for (int stage = 1; stage <= MobileNetV2.STAGES.size(); stage++) {
      MobileNetV2.Stage form = MobileNetV2.STAGES.get(stage - 1);
      for (int block = 1; block <= form.blocks(); block++) {
        String own = "stage%d-block%d-".formatted(stage, block);
        bottleneck(table, own, "features." + position++ + ".conv.", form.expansion() > 1);
      }
    }
    String head = "features." + position;
    table.withNorm("head", head + ".0", head + ".1").add(Heads.OUTPUT, "classifier.1");
    return Map.of(
        "mobilenet-v2",
        PretrainedForm.torch("torchvision", table.layers(), ExpectedInput.imageNet(256)));
  }

  private static void bottleneck(LayerTable table, String own, String theirs, boolean expands) {
    List<String> steps = new ArrayList<>(expands ? List.of("expand") : List.of());
    steps.add("depthwise");
    for (int i = 0; i < steps.size(); i++) {
      table.withNorm(own + steps.get(i), theirs + i + ".0", theirs + i + ".1");
    }
    int last = steps.size();
    table.withNorm(own + "project", theirs + last, theirs + (last + 1));
  }
}
