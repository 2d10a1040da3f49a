// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.inception;

import java.util.List;
import java.util.Map;
import org.bellows.models.graph.Heads;
import org.bellows.models.pretrained.ExpectedInput;
import org.bellows.models.pretrained.LayerTable;
import org.bellows.models.pretrained.PretrainedForm;

/**
 * torchvision's inception_v3: the same layers as ours. It counts padding in the averages of its
 * pools, which the published model and ours leave out.
 */
public final class PretrainedInceptionV3 {
  /** Our step to theirs, of each kind of module. */
  private static final List<String[]> SMALL =
      pairs(
          "1x1 branch1x1, 5x5-reduce branch5x5_1, 5x5 branch5x5_2, 3x3-reduce branch3x3dbl_1,"
              + " 3x3a branch3x3dbl_2, 3x3b branch3x3dbl_3, projection branch_pool");

  private static final List<String[]> REDUCE_SMALL =
      pairs(
          "3x3 branch3x3, twice-reduce branch3x3dbl_1, twice-a branch3x3dbl_2,"
              + " twice-b branch3x3dbl_3");

  private static final List<String[]> FACTORISED =
      pairs(
          "1x1 branch1x1, once-reduce branch7x7_1, once-row branch7x7_2, once-column branch7x7_3,"
              + " twice-reduce branch7x7dbl_1, twice-column1 branch7x7dbl_2,"
              + " twice-row1 branch7x7dbl_3, twice-column2 branch7x7dbl_4,"
              + " twice-row2 branch7x7dbl_5, projection branch_pool");

  private static final List<String[]> REDUCE_FACTORISED =
      pairs(
          "3x3-reduce branch3x3_1, 3x3 branch3x3_2, 7x7-reduce branch7x7x3_1,"
              + " 7x7-row branch7x7x3_2, 7x7-column branch7x7x3_3, 7x7-3x3 branch7x7x3_4");

  private static final List<String[]> WIDE =
      pairs(
          "1x1 branch1x1, 3x3-reduce branch3x3_1, 3x3-row branch3x3_2a, 3x3-column branch3x3_2b,"
              + " twice-reduce branch3x3dbl_1, twice-3x3 branch3x3dbl_2,"
              + " twice-row branch3x3dbl_3a, twice-column branch3x3dbl_3b,"
              + " projection branch_pool");

  private static final String[] MODULES = {
    "5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c"
  };
  private static final double EPSILON = 1e-3;
  private static final float[] HALF = {0.5f, 0.5f, 0.5f};

  private PretrainedInceptionV3() {}

  public static Map<String, PretrainedForm> forms() {
    LayerTable table = new LayerTable();
    step(table, "stem1", "Conv2d_1a_3x3");
    step(table, "stem2", "Conv2d_2a_3x3");
    step(table, "stem3", "Conv2d_2b_3x3");
    step(table, "stem4", "Conv2d_3b_1x1");
    step(table, "stem5", "Conv2d_4a_3x3");
    for (int i = 0; i < MODULES.length; i++) {
      for (String[] step : steps(i + 1)) {
        step(table, "mixed%d-%s".formatted(i + 1, step[0]), "Mixed_" + MODULES[i] + "." + step[1]);
      }
    }
    table.add(Heads.OUTPUT, "fc");
    step(table, "auxiliary-1x1", "AuxLogits.conv0");
    step(table, "auxiliary-5x5", "AuxLogits.conv1");
    table.add("auxiliary", "AuxLogits.fc");
    return Map.of(
        "inception-v3",
        PretrainedForm.torch("torchvision", table.layers(), new ExpectedInput(HALF, HALF, 342))
            .epsilon(EPSILON)
            .remark(
                "torchvision counts padding in the averages of its pools, Bellows (as the model"
                    + " that the weights come from) does not: answers differ a little",
                "pixels are normalised to -1..1, as torchvision's transform_input does inside"));
  }

  private static List<String[]> steps(int module) {
    return switch (module) {
      case 1, 2, 3 -> SMALL;
      case 4 -> REDUCE_SMALL;
      case 5, 6, 7, 8 -> FACTORISED;
      case 9 -> REDUCE_FACTORISED;
      default -> WIDE;
    };
  }

  private static void step(LayerTable table, String own, String theirs) {
    table.withNorm(own, theirs + ".conv", theirs + ".bn");
  }

  private static List<String[]> pairs(String text) {
    return List.of(text.split(", *")).stream().map(pair -> pair.split(" ")).toList();
  }
}
