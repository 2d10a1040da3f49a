// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.vgg;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.models.graph.Heads;
import org.bellows.models.pretrained.Convention;
import org.bellows.models.pretrained.ExpectedInput;
import org.bellows.models.pretrained.LayerTable;
import org.bellows.models.pretrained.PretrainedForm;
import org.bellows.models.pretrained.SourceLayer;

/** The VGG networks of torchvision and of Keras: the same as ours at 224 pixels. */
public final class PretrainedVgg {
  /** Keras feeds blue, green, red. */
  private static final int[] BLUE_FIRST = {2, 1, 0};

  /** The values that Keras subtracts from red, green and blue of 0..255; it divides by nothing. */
  private static final float[] KERAS_MEAN = {123.68f / 255, 116.779f / 255, 103.939f / 255};

  private static final float[] ONE_STEP = {1f / 255, 1f / 255, 1f / 255};

  private PretrainedVgg() {}

  public static Map<String, PretrainedForm> torchForms() {
    Map<String, PretrainedForm> forms = new LinkedHashMap<>();
    for (int depth : Vgg.DEPTHS) {
      forms.put("vgg" + depth, torchvision(Vgg.convolutions(depth), false));
      forms.put("vgg" + depth + "-bn", torchvision(Vgg.convolutions(depth), true));
    }
    return forms;
  }

  /** There modules are counted through: convolution, BatchNorm, ReLU, pool. */
  private static PretrainedForm torchvision(int[] convolutions, boolean normalised) {
    LayerTable table = new LayerTable();
    int position = 0;
    for (int stage = 1; stage <= convolutions.length; stage++) {
      for (int i = 1; i <= convolutions[stage - 1]; i++) {
        String own = "conv%d-%d".formatted(stage, i);
        table.add(own, "features." + position++);
        if (normalised) {
          table.add(own + "-norm", "features." + position++);
        }
        position++;
      }
      position++;
    }
    table.add("fc6", "classifier.0").add("fc7", "classifier.3").add(Heads.OUTPUT, "classifier.6");
    return PretrainedForm.torch("torchvision", table.layers(), ExpectedInput.imageNet(256));
  }

  public static Map<String, PretrainedForm> kerasForms() {
    return Map.of("vgg16", keras(16), "vgg19", keras(19));
  }

  private static PretrainedForm keras(int depth) {
    LayerTable table = new LayerTable();
    int[] convolutions = Vgg.convolutions(depth);
    for (int stage = 1; stage <= convolutions.length; stage++) {
      for (int i = 1; i <= convolutions[stage - 1]; i++) {
        SourceLayer theirs = SourceLayer.of("block%d_conv%d".formatted(stage, i));
        boolean first = stage == 1 && i == 1;
        table.add(
            "conv%d-%d".formatted(stage, i), first ? theirs.ordered(null, BLUE_FIRST) : theirs);
      }
    }
    table.add("fc6", "fc1").add("fc7", "fc2").add(Heads.OUTPUT, "predictions");
    return new PretrainedForm(
        "keras.applications",
        Convention.KERAS,
        table.layers(),
        Double.NaN,
        new ExpectedInput(KERAS_MEAN, ONE_STEP, 0),
        List.of("conv1-1 reads blue, green, red there; its inputs were put into our order"));
  }
}
