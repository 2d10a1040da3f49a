// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.resnet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.models.graph.Heads;
import org.bellows.models.pretrained.ExpectedInput;
import org.bellows.models.pretrained.LayerTable;
import org.bellows.models.pretrained.PretrainedForm;

/** torchvision's resnet18 to resnet152: the same networks as ours. */
public final class PretrainedResNet {
  private PretrainedResNet() {}

  public static Map<String, PretrainedForm> forms() {
    Map<String, PretrainedForm> forms = new LinkedHashMap<>();
    for (int depth : new int[] {18, 34, 50, 101, 152}) {
      LayerTable table = stages(depth, "").add(Heads.OUTPUT, "fc");
      PretrainedForm form =
          PretrainedForm.torch("torchvision", table.layers(), ExpectedInput.imageNet(256));
      forms.put("resnet" + depth, form);
      forms.put("resnet" + depth + "-zero-gamma", form);
    }
    return forms;
  }

  /**
   * Stem and stages, as in all networks of torchvision's that are built on a residual one.
   *
   * @param depth number of layers
   * @param prefix what comes before their names
   */
  public static LayerTable stages(int depth, String prefix) {
    List<Integer> blocks = ResNetBackbone.of(depth).blocks();
    // Our names of a block's convolutions, a letter each.
    String steps = depth >= 50 ? "abc" : "ab";
    LayerTable table = new LayerTable().withNorm("stem", prefix + "conv1", prefix + "bn1");
    for (int stage = 1; stage <= blocks.size(); stage++) {
      for (int block = 0; block < blocks.get(stage - 1); block++) {
        String own = "stage%d-block%d-".formatted(stage, block + 1);
        String theirs = "%slayer%d.%d.".formatted(prefix, stage, block);
        for (int i = 0; i < steps.length(); i++) {
          String number = Integer.toString(i + 1);
          table.withNorm(own + steps.charAt(i), theirs + "conv" + number, theirs + "bn" + number);
        }
        if (block == 0) {
          table.withNorm(own + "shortcut", theirs + "downsample.0", theirs + "downsample.1");
        }
      }
    }
    return table;
  }
}
