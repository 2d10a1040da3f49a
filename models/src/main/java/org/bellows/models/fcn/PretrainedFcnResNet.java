// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.fcn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bellows.models.pretrained.ExpectedInput;
import org.bellows.models.pretrained.LayerTable;
import org.bellows.models.pretrained.PretrainedForm;
import org.bellows.models.resnet.PretrainedResNet;

/** torchvision's fcn_resnet50 and fcn_resnet101: the same networks as ours. */
public final class PretrainedFcnResNet {
  private PretrainedFcnResNet() {}

  /** By our network. */
  public static Map<String, PretrainedForm> forms() {
    Map<String, PretrainedForm> forms = new LinkedHashMap<>();
    for (int depth : new int[] {50, 101}) {
      LayerTable table = backbone(depth);
      head(table, "head", "classifier");
      forms.put("fcn-resnet" + depth, form(table));
    }
    return forms;
  }

  /** The residual network, and the auxiliary head, which files may lack. */
  public static LayerTable backbone(int depth) {
    LayerTable table = PretrainedResNet.stages(depth, "backbone.");
    head(table, "auxiliary", "aux_classifier");
    return table;
  }

  /** Pictures as torchvision's segmentation networks expect them. */
  public static PretrainedForm form(LayerTable table) {
    // Pictures are resized to the network's input, not cropped.
    return PretrainedForm.torch("torchvision", table.layers(), ExpectedInput.imageNet(0));
  }

  private static void head(LayerTable table, String own, String theirs) {
    table.withNorm(own + "-conv", theirs + ".0", theirs + ".1").add(own + "-logits", theirs + ".4");
  }
}
