// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bellows.data.batch.PicturePreview;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.driver.chart.Markup;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.PixelFacts;
import org.bellows.worker.evaluate.PixelFacts.ClassFacts;
import org.bellows.worker.evaluate.PixelFacts.WorstPicture;
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
        List.of(),
        new PixelFacts(
            1234,
            List.of("bus"),
            Map.of("sky", 0.25),
            List.of(worst("a.png", png(90)), worst("b.png", new byte[] {1, 2})),
            List.of(
                new ClassFacts("#0000ff", 3),
                new ClassFacts("#ff0000", 2),
                new ClassFacts("#00ff00", 0))),
        null,
        null);
  }

  private static WorstPicture worst(String source, byte[] picture) {
    return new WorstPicture(7, source, 0.125, 40, 60, picture, png(0), png(1));
  }

  /** 4 x 6 pixels of one value. */
  private static byte[] png(int value) {
    byte[] pixels = new byte[24];
    Arrays.fill(pixels, (byte) value);
    return PicturePreview.png(new RasterImage(4, 6, 1, pixels));
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
            row("sky", "#0000ff", "10", "3", "80.0\u00a0%", "25.0\u00a0%", "0.727", "72.7\u00a0%"),
            row("road", "#ff0000", "30", "2", "96.7\u00a0%", "–", "0.906", "90.6\u00a0%"),
            row("bus", "#00ff00", "0", "0", "–", "–", "0.000", "–"))
        .contains(
            "40 pixels compared, 1,234 void ones left out. Left out of means, as neither a mask nor"
                + " an answer has them: bus.");
  }

  private static String row(String name, String colour, String... cells) {
    StringBuilder row = new StringBuilder();
    row.append(
        "<tr><td class=\"name\"><i class=\"swatch\" style=\"background:%s\"></i>%s</td>"
            .formatted(colour, name));
    for (int i = 0; i < 4; i++) {
      row.append("<td class=\"number\">%s</td>".formatted(cells[i]));
    }
    return row.append(
            "<td class=\"number bar\"><i class=\"right\" style=\"width:calc((100%% - 82px)*%s)\"></i>"
                .formatted(cells[4]))
        .append("<span>%s</span></td></tr>".formatted(cells[5]))
        .toString();
  }

  /** The mask is blue over grey, the answer red: (10 x colour + 6 x 90) / 16, but for JPEG. */
  @Test
  void theWorstPicturesAreShownUnderMaskAndAnswer() throws Exception {
    String page = page();
    assertThat(page)
        .contains("<b>mIoU 12.5\u00a0%</b> · a.png · 40 × 60 pixels", ">no picture<", "b.png")
        .contains("style=\"background:#ff0000\"></i>road</span>");
    Matcher images =
        Pattern.compile("data:image/jpeg;base64,([^\"]*)\" alt=\"(.*?)\"").matcher(page);
    Map<String, RasterImage> shown = new LinkedHashMap<>();
    while (images.find()) {
      byte[] file = Base64.getDecoder().decode(images.group(1));
      shown.put(images.group(2), new ImageDecoder(1000).decode(file));
    }
    assertThat(shown).containsOnlyKeys("image", "mask", "answer");
    requireColour(shown.get("image"), 90, 90, 90);
    requireColour(shown.get("mask"), 33, 33, 193);
    requireColour(shown.get("answer"), 193, 33, 33);
  }

  private static void requireColour(RasterImage image, int... rgb) {
    for (int channel = 0; channel < rgb.length; channel++) {
      assertThat(image.interleaved()[channel] & 0xFF).isCloseTo(rgb[channel], within(4));
    }
  }

  /** A file of an older Bellows. */
  @Test
  void withoutColoursTheyAreThoseOfPascalVoc() {
    Evaluation known = evaluation();
    Evaluation bare =
        new Evaluation(
            known.split(),
            known.samples(),
            known.metrics(),
            known.classes(),
            known.confusion(),
            List.of(),
            new PixelFacts(0, List.of(), Map.of(), List.of(), null),
            null,
            null);
    Markup out = new Markup();
    new PixelSection(bare, new ConfusionTable(bare)).render(out);
    assertThat(out.toString())
        .contains(
            "style=\"background:#800000\"></i>road", "40 pixels compared, 0 void ones left out.<")
        .doesNotContain("Images", "oundary");
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
