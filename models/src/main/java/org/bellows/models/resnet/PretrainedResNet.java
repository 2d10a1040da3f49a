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
      PretrainedForm form =
          torchvision(ResNetBackbone.of(depth).blocks(), depth >= 50 ? "abc" : "ab");
      forms.put("resnet" + depth, form);
      forms.put("resnet" + depth + "-zero-gamma", form);
    }
    return forms;
  }

  /**
   * @param steps our names of a block's convolutions, a letter each
   */
  private static PretrainedForm torchvision(List<Integer> blocks, String steps) {
    LayerTable table = new LayerTable().withNorm("stem", "conv1", "bn1");
    for (int stage = 1; stage <= blocks.size(); stage++) {
      for (int block = 0; block < blocks.get(stage - 1); block++) {
        String own = "stage%d-block%d-".formatted(stage, block + 1);
        String theirs = "layer%d.%d.".formatted(stage, block);
        for (int i = 0; i < steps.length(); i++) {
          String number = Integer.toString(i + 1);
          table.withNorm(own + steps.charAt(i), theirs + "conv" + number, theirs + "bn" + number);
        }
        if (block == 0) {
          table.withNorm(own + "shortcut", theirs + "downsample.0", theirs + "downsample.1");
        }
      }
    }
    table.add(Heads.OUTPUT, "fc");
    return PretrainedForm.torch("torchvision", table.layers(), ExpectedInput.imageNet(256));
  }
}
