// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.alexnet;

import java.util.Map;
import org.bellows.models.graph.Heads;
import org.bellows.models.pretrained.ExpectedInput;
import org.bellows.models.pretrained.LayerTable;
import org.bellows.models.pretrained.PretrainedForm;

/** torchvision's alexnet: the same network as ours at 224 pixels. */
public final class PretrainedAlexNet {
  private PretrainedAlexNet() {}

  public static Map<String, PretrainedForm> forms() {
    LayerTable table =
        new LayerTable()
            .add("conv1", "features.0")
            .add("conv2", "features.3")
            .add("conv3", "features.6")
            .add("conv4", "features.8")
            .add("conv5", "features.10")
            .add("fc6", "classifier.1")
            .add("fc7", "classifier.4")
            .add(Heads.OUTPUT, "classifier.6");
    return Map.of(
        "alexnet",
        PretrainedForm.torch("torchvision", table.layers(), ExpectedInput.imageNet(256)));
  }
}
