// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.deeplab;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bellows.models.fcn.PretrainedFcnResNet;
import org.bellows.models.pretrained.LayerTable;
import org.bellows.models.pretrained.PretrainedForm;

/** torchvision's deeplabv3_resnet50 and deeplabv3_resnet101: the same networks as ours. */
public final class PretrainedDeepLabV3 {
  private static final String PYRAMID = "classifier.0.";

  private PretrainedDeepLabV3() {}

  /** By our network. */
  public static Map<String, PretrainedForm> forms() {
    Map<String, PretrainedForm> forms = new LinkedHashMap<>();
    for (int depth : new int[] {50, 101}) {
      LayerTable table = PretrainedFcnResNet.backbone(depth);
      branch(table, "aspp-point", 0, 0);
      branch(table, "aspp-rate12", 1, 0);
      branch(table, "aspp-rate24", 2, 0);
      branch(table, "aspp-rate36", 3, 0);
      // The mean over the map is the branch's first module.
      branch(table, "aspp-image", 4, 1);
      table
          .withNorm("aspp-project", PYRAMID + "project.0", PYRAMID + "project.1")
          .withNorm("head-conv", "classifier.1", "classifier.2")
          .add("head-logits", "classifier.4");
      forms.put("deeplab-v3-resnet" + depth, PretrainedFcnResNet.form(table));
    }
    return forms;
  }

  private static void branch(LayerTable table, String own, int branch, int module) {
    String theirs = PYRAMID + "convs." + branch + ".";
    table.withNorm(own, theirs + module, theirs + (module + 1));
  }
}
