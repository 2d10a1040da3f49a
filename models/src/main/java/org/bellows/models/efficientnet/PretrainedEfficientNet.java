// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.efficientnet;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bellows.models.graph.Heads;
import org.bellows.models.pretrained.ExpectedInput;
import org.bellows.models.pretrained.LayerTable;
import org.bellows.models.pretrained.PretrainedForm;
import org.bellows.models.pretrained.SourceLayer;

/**
 * torchvision's efficientnet_b0 to b7: the same networks as ours, but for BatchNorm's epsilon,
 * which is 1e-5 there up to B4, and for squeeze-and-excitation, whose dense layers are 1x1
 * convolutions there.
 */
public final class PretrainedEfficientNet {
  /** Shorter side before the crop, B0 to B7, of the weights named IMAGENET1K_V1. */
  private static final int[] RESIZE_PIXELS = {256, 256, 288, 320, 384, 456, 528, 600};

  private static final int FIRST_WITH_OUR_EPSILON = 5;
  private static final double OUR_EPSILON = 1e-3;

  private PretrainedEfficientNet() {}

  public static Map<String, PretrainedForm> forms() {
    Map<String, PretrainedForm> forms = new LinkedHashMap<>();
    for (int i = 0; i < EfficientNet.SCALES.size(); i++) {
      PretrainedForm form =
          PretrainedForm.torch(
                  "torchvision",
                  layers(EfficientNet.SCALES.get(i)),
                  ExpectedInput.imageNet(RESIZE_PIXELS[i]))
              .remark(
                  "torchvision's weights were evaluated on pictures resized with a cubic filter"
                      + (i == 2 ? " to 288 pixels; this network's usual input is 260" : ""));
      forms.put(
          "efficientnet-b" + i, i < FIRST_WITH_OUR_EPSILON ? form : form.epsilon(OUR_EPSILON));
    }
    return forms;
  }

  private static Map<String, SourceLayer> layers(EfficientNet.Scale scale) {
    LayerTable table = new LayerTable().withNorm("stem", "features.0.0", "features.0.1");
    String stage = "";
    int index = 0;
    for (EfficientNet.Block block : EfficientNet.blocks(scale)) {
      String own = block.name();
      String number = own.substring("stage".length(), own.indexOf('-'));
      index = number.equals(stage) ? index + 1 : 0;
      stage = number;
      String theirs = "features.%s.%d.block.".formatted(stage, index);
      block(table, own, theirs, block.stage().expansion() > 1);
    }
    return table
        .withNorm("head", "features.8.0", "features.8.1")
        .add(Heads.OUTPUT, "classifier.1")
        .layers();
  }

  private static void block(LayerTable table, String own, String theirs, boolean expands) {
    int at = 0;
    if (expands) {
      table.withNorm(own + "-expand", theirs + "0.0", theirs + "0.1");
      at = 1;
    }
    String excite = theirs + (at + 1);
    String project = theirs + (at + 2);
    table.withNorm(own + "-depthwise", theirs + at + ".0", theirs + at + ".1");
    table.add(own + "-reduce", SourceLayer.pointwise(excite + ".fc1"));
    table.add(own + "-gate", SourceLayer.pointwise(excite + ".fc2"));
    table.withNorm(own + "-project", project + ".0", project + ".1");
  }
}
