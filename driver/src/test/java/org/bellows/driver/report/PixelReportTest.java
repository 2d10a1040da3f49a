// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.ConfusionCounts;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** The report of a network that gives a class to each pixel. */
class PixelReportTest {
  /** Of 10 pixels of sky 8 are right; nobody has a bus. */
  private static final ConfusionCounts COUNTS =
      ConfusionCounts.of(new long[][] {{8, 2, 0}, {1, 29, 0}, {0, 0, 0}});

  private static Evaluation evaluation() {
    return new Evaluation(
        "val",
        3,
        MetricFixtures.pixels(COUNTS, 0.5),
        List.of("sky", "road", "bus"),
        COUNTS,
        List.of());
  }

  private static String page() throws Exception {
    List<EpochEvaluation> epochs =
        List.of(EpochEvaluation.of(1, 10, evaluation()), EpochEvaluation.of(2, 20, evaluation()));
    String page =
        HtmlReport.render(
            new RunReport(
                "unet-8",
                "train",
                "succeeded",
                Map.of(),
                SampleReports.steps(0, 20, 10, 20),
                epochs,
                evaluation(),
                "{}",
                List.of()));
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page.replace("<!DOCTYPE html>", ""))));
    return page;
  }

  @Test
  void theCurvesAreThoseOfPixels() throws Exception {
    assertThat(page())
        .contains("<h3>IoU</h3>", "mIoU and frequency-weighted IoU by epoch")
        .contains("<h3>Accuracy</h3>", "Pixel accuracy and mean class accuracy by epoch")
        .contains("<div class=\"label\">mIoU</div><div class=\"value\">81.68")
        .doesNotContain("MIoU", "op-1", "Samples,", "Precision");
  }

  /** 8 / (10 + 9 - 8) and 29 / (30 + 31 - 29). */
  @Test
  void eachClassHasItsFigures() throws Exception {
    assertThat(page())
        .contains(
            row("sky", "#000000", "10", "25.00", "80.0\u00a0%", "0.727", "72.7\u00a0%"),
            row("road", "#800000", "30", "75.00", "96.7\u00a0%", "0.906", "90.6\u00a0%"),
            row("bus", "#008000", "0", "0.00", "–", "0.000", "–"));
  }

  private static String row(
      String name,
      String colour,
      String pixels,
      String share,
      String accuracy,
      String length,
      String iou) {
    return """
        <tr><td class="name"><i class="swatch" style="background:%s"></i>%s</td>\
        <td class="number">%s</td><td class="number">%s\u00a0%%</td><td class="number">%s</td>\
        <td class="number bar"><i class="right" style="width:calc((100%% - 82px)*%s)"></i>\
        <span>%s</span></td></tr>"""
        .formatted(colour, name, pixels, share, accuracy, length, iou);
  }

  @Test
  void theConfusionMatrixIsNormalisedByRow() throws Exception {
    assertThat(page())
        .contains(
            "title=\"sky recognised: 8 pixels, 80.0\u00a0%\">80</td>",
            "title=\"road taken for sky: 1 pixels, 3.3\u00a0%\">3.3</td>",
            "Void pixels are not counted.");
  }
}
