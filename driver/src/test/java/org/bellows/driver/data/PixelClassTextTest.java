// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.bellows.data.statistics.SplitStatistics;
import org.junit.jupiter.api.Test;

/**
 * What {@code data stats} says of a dataset whose pixels have classes and whose samples have none.
 */
class PixelClassTextTest {
  private static final DatasetManifest MANIFEST =
      DatasetManifest.of(
          List.of(),
          List.of(),
          List.of(PixelClass.of(0, "sky"), PixelClass.of(1, "road"), PixelClass.of(2, "tree")),
          null);

  private static DatasetStatistics statistics() {
    SplitStatistics train = new SplitStatistics("train", 0);
    byte[] image = new byte[4];
    int label = EncodedSample.NO_LABEL;
    train.add(new EncodedSample(0, label, Encoding.RAW8, 2, 2, 1, "a", image), 60);
    train.masks().add(new RasterImage(2, 2, 1, new byte[] {0, 0, 1, (byte) 255}));
    train.add(new EncodedSample(1, label, Encoding.RAW8, 2, 2, 1, "b", image), 60);
    train.masks().add(new RasterImage(2, 2, 1, new byte[] {0, 0, 0, 0}));
    return new DatasetStatistics(List.of(train), List.of());
  }

  /** sky: 6 of 8, in both; road: 1 of 4; the median of 0.75 and 0.25 is 0.5. */
  @Test
  void sharesAndWeightsAreTold() {
    List<String> lines = DatasetText.of(MANIFEST, statistics()).lines().toList();
    assertThat(lines)
        .contains(
            "pixels, train                      share      images median-freq",
            "sky                             75.000 %           2      0.6667",
            "road                            12.500 %           1      2.0000",
            "tree                             0.000 %           0           -",
            "void                            12.500 %           1",
            "label maps, train: 2 of 2 samples")
        .noneMatch(line -> line.startsWith("class"));
  }

  /** A bar a class in its colour, the longest as wide as the cell allows, and its weight. */
  @Test
  void thePageNamesTheClasses() {
    String page = new DatasetPage(MANIFEST, statistics(), Map.of()).render("pixels");
    assertThat(page)
        .contains(
            row("sky", "#000000", "1.000", "75.00", "2", "0.6667"),
            row("road", "#800000", "0.167", "12.50", "1", "2.0000"),
            row("tree", "#008000", "0.000", "0.00", "0", "–"),
            row("void", "#e0e0c0", "0.167", "12.50", "1", "–"),
            "2 of 2 images have a label map");
  }

  private static String row(
      String name, String colour, String length, String share, String images, String weight) {
    return """
        <tr><td class="name"><i class="swatch" style="background:%s"></i>%s</td>\
        <td class="number bar"><i class="own" style="width:calc((100%% - 82px)*%s);background:%s"></i>\
        <span>%s\u00a0%%</span></td><td class="number">%s</td><td class="number">%s</td></tr>"""
        .formatted(colour, name, length, colour, share, images, weight);
  }

  @Test
  void labelsWithoutNamesAreNumbers() {
    DatasetManifest unnamed = new DatasetManifest(1, List.of(), List.of(), null);
    assertThat(DatasetText.of(unnamed, statistics()))
        .contains("label maps, train: 2 of 2 samples; labels (share of pixels): 0 75.0");
    assertThat(new DatasetPage(unnamed, statistics(), Map.of()).render("labels"))
        .contains("label 0: 75.00", "label 255: 12.50");
  }
}
